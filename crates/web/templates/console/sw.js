// The worker of the console: shows what is pushed, acknowledges from the notification, and shows the last copy of a page where
// the server does not answer, saying how old it is. Nothing of the API is kept, and nothing is sent later.
"use strict";
const CACHE = "reveille-__VERSION__";
const ASSETS = __ASSETS__;
const WAIT_MS = 3000;
const PAGES_MOST = 20;
const NOW = "/app/now";
const path = (url) => new URL(url, location.origin).pathname;
const isKept = (at) => at === NOW || /^\/app\/(incidents|i)\/\d+$/.test(at);
const key = (at) => at.replace("/app/i/", "/app/incidents/");
const isPage = (request) => !ASSETS.includes(path(request.url));

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(ASSETS)));
});
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
})()));

async function keep(at, answer) {
  const cache = await caches.open(CACHE);
  const pages = (await cache.keys()).filter(isPage);
  // Whoever is signed out leaves nothing behind.
  if (answer.status === 401) return Promise.all(pages.map((page) => cache.delete(page)));
  if (!answer.ok || !isKept(at)) return;
  const oldest = pages.filter((page) => path(page.url) !== NOW && path(page.url) !== key(at));
  if (oldest.length >= PAGES_MOST) await cache.delete(oldest[0]);
  await cache.delete(key(at));
  await cache.put(key(at), answer);
}

const said = (heading, line) => new Response(`<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${heading}</title>
<link rel="stylesheet" href="${ASSETS[0]}"><main id="content"><h1>${heading}</h1><p>${line}</p>
<p><a href="${NOW}">Now</a></p></main></html>`,
  { status: 503, headers: { "content-type": "text/html", "content-security-policy": "default-src 'none'; style-src 'self'" } });

async function old(at) {
  const kept = await (await caches.open(CACHE)).match(key(at));
  if (!kept) return said("No connection", "The server does not answer, and there is no copy of this page.");
  const when = new Date(kept.headers.get("date"));
  const time = when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const day = Date.now() - when > 43200000 ? `${when.toLocaleDateString()} ` : "";
  const bar = `<p class="notice bad" role="alert">As of ${day}${time}, not live: the server does not answer.</p>`;
  const page = (await kept.text()).replace(/<body[^>]*>/, (body) => body + bar);
  const headers = new Headers(kept.headers);
  headers.delete("content-encoding");
  return new Response(page, { headers });
}

async function show(event, at) {
  const asked = fetch(event.request);
  event.waitUntil(asked.then((answer) => keep(at, answer.clone())).catch(() => {}));
  const late = new Promise((_, fail) => { setTimeout(fail, WAIT_MS); });
  const kept = isKept(at) && await caches.match(key(at));
  return (kept ? Promise.race([asked, late]) : asked).catch(() => old(at));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const at = path(request.url);
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(show(event, at));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => said("Not sent", "The server does not answer, and nothing was done. Try again, or answer by text message or call.")));
  } else if (ASSETS.includes(at)) {
    event.respondWith(caches.match(at).then((kept) => kept || fetch(request)));
  }
});

const notify = (title, rest) => self.registration.showNotification(title, { icon: ASSETS[1], ...rest });

self.addEventListener("push", (event) => event.waitUntil((async () => {
  const { title, navigate, ...rest } = event.data.json().notification;
  const actions = rest.data?.act ? [{ action: "act", title: rest.data.label }, { action: "open", title: "Open" }] : [];
  await notify(title, { ...rest, actions, renotify: true });
  // What one was woken for is there without a network, too.
  const at = navigate && path(navigate);
  if (at && isKept(at)) await fetch(at).then((answer) => keep(at, answer)).catch(() => {});
})()));

async function acknowledge({ title, tag, data }) {
  try {
    const answer = await fetch(path(data.act), { method: "POST" });
    const heading = (await answer.text()).match(/<h1>([^<]*)/)?.[1];
    await notify(answer.ok ? heading : `Not acknowledged: ${heading || answer.status}`, { tag, data, body: title });
  } catch {
    await notify("Not acknowledged: not sent", { tag, data, body: `The server does not answer. ${title}`, requireInteraction: true });
  }
}

self.addEventListener("notificationclick", (event) => {
  const { notification } = event;
  notification.close();
  if (event.action === "act") return event.waitUntil(acknowledge(notification));
  event.waitUntil(clients.openWindow(path(notification.data?.page || NOW)));
});
