// How the keys of a shortcut are called on this device.

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export const keysOf = (key) => (isMac ? `⌘ ${key}` : `Ctrl ${key}`);
