// Light, dark, or as the device has it; kept in this browser.

const key = "parley.theme";

export const themes = [{ value: "", label: "As the device" }, { value: "light", label: "Light" }, { value: "dark", label: "Dark" }];

export const chosenTheme = () => localStorage.getItem(key) ?? "";

export function chooseTheme(theme) {
  if (theme) localStorage.setItem(key, theme);
  else localStorage.removeItem(key);
  applyTheme();
}

export function applyTheme() {
  const theme = chosenTheme();
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

export const isDark = () => getComputedStyle(document.documentElement).colorScheme === "dark"
  || (!chosenTheme() && window.matchMedia("(prefers-color-scheme: dark)").matches);
