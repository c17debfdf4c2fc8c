// The files of a drop or of a chooser, with those of whole folders.

const limit = 2000;

export const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/** Files whose names begin with a dot are the system's own. */
const isVisible = (name) => !name.startsWith(".");

export const chosenFiles = (input) => [...input.files].filter((file) => (file.webkitRelativePath || file.name).split("/").every(isVisible)).slice(0, limit);

/** What was dropped, folders opened; to be called while the event is handled, since the browser clears the list after it. */
export function droppedFiles(event) {
  const items = [...event.dataTransfer.items].filter((each) => each.kind === "file").map((each) => ({ entry: each.webkitGetAsEntry?.(), file: each.getAsFile() }));
  return collect(items);
}

async function collect(items) {
  const files = [];
  for (const { entry, file } of items) {
    if (entry?.isDirectory) await open(entry, files);
    else if (file && files.length < limit) files.push(file);
  }
  return files;
}

async function open(folder, files) {
  const reader = folder.createReader();
  for (;;) {
    // A reader gives a part of the entries at each call, and none at the end.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return;
    for (const entry of entries) {
      if (files.length >= limit) return;
      if (!isVisible(entry.name)) continue;
      if (entry.isDirectory) await open(entry, files);
      else files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    }
  }
}
