// Who is signed in. The access token lives in memory only; the refresh token, rotated at every use, in localStorage.

import { exchangeJSON } from "./transport.js";

const storageKey = "parley.refresh_token";
/** Shows at the next sign-in that the person has used this browser before; it opens nothing by itself, and stays after signing out. */
const deviceKey = "parley.device_token";
/** Renew this long before the access token ends, so that a slow request does not meet its end. */
const earlySeconds = 20;

let accessToken = null;
let expiresAt = 0;
let refreshing = null;

export const session = {
  user: null,
  /** Called when the session ended without the person asking for it. */
  onEnd: () => {},
};

export const hasStoredSession = () => localStorage.getItem(storageKey) !== null;

/** Takes up the session that a sign-in, first run or refresh answered with. */
export function adopt(answer) {
  accessToken = answer.access_token;
  expiresAt = Date.now() + (answer.expires_in - earlySeconds) * 1000;
  session.user = answer.user;
  localStorage.setItem(storageKey, answer.refresh_token);
  if (answer.device_token) localStorage.setItem(deviceKey, answer.device_token);
}

export function knownDevice() {
  const device_token = localStorage.getItem(deviceKey);
  return device_token ? { device_token } : {};
}

export function forget() {
  accessToken = null;
  expiresAt = 0;
  session.user = null;
  localStorage.removeItem(storageKey);
}

export async function signOut() {
  const refresh_token = localStorage.getItem(storageKey);
  const token = accessToken;
  forget();
  if (refresh_token) await exchangeJSON("POST", "/v1/auth/sign-out", { body: { refresh_token }, token }).catch(() => {});
}

/** A token good for the next request; renewed when it is about to end. */
export async function currentToken() {
  if (!accessToken || Date.now() >= expiresAt) await refresh();
  return accessToken;
}

/** Renews the tokens, once for everyone who asks at the same time, also across tabs where the browser has locks. */
export function refresh() {
  refreshing ??= locked(renew).finally(() => { refreshing = null; });
  return refreshing;
}

const locked = (body) => (navigator.locks ? navigator.locks.request("parley-refresh", body) : body());

async function renew() {
  const refresh_token = localStorage.getItem(storageKey);
  try {
    adopt(await exchangeJSON("POST", "/v1/auth/refresh", { body: { refresh_token: refresh_token ?? "" } }));
  } catch (error) {
    if (error.status === 400 || error.status === 401 || error.status === 403 || error.status === 422) {
      forget();
      session.onEnd();
    }
    throw error;
  }
}
