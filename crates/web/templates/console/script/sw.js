// Shows what is pushed, and old copies of pages where the server does not answer.
"use strict";
const CACHE = "reveille-__VERSION__";
const ASSETS = __ASSETS__;
const NOW = "/app/now";
const GONE = "The server does not answer";
const path = (url) => new URL(url, location.origin).pathname.replace("/app/i/", "/app/incidents/");
const isKept = (at) => at === NOW || /^\/app\/incidents\/\d+$/.test(at);

addEventListener("install", (e) => {
  skipWaiting();
  e.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(ASSETS)));
});
addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
})()));

async function keep(at, answer) {
  const cache = await caches.open(CACHE);
  const pages = (await cache.keys()).filter((page) => isKept(path(page.url)));
  // Signed out.
  if (answer.status === 401) return Promise.all(pages.map((page) => cache.delete(page)));
  if (!answer.ok || !isKept(at)) return;
  if (pages.length > 20) await cache.delete(pages.find((page) => path(page.url) !== NOW));
  await cache.delete(at);
  await cache.put(at, answer);
}

const said = (heading, line) => new Response(`<!doctype html><html lang="en"><title>${heading}</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="${ASSETS[0]}">
<main><h1>${heading}</h1><p>${GONE}${line}</p><p><a href="${NOW}">Now</a></p></main></html>`,
{ status: 503, headers: { "content-type": "text/html; charset=utf-8" } });

async function old(at) {
  const kept = await caches.match(at);
  if (!kept) return said("No connection", ", and there is no copy of this page.");
  const when = new Date(kept.headers.get("date"));
  const day = Date.now() - when > 4e7 ? `${when.toLocaleDateString()} ` : "";
  const time = day + when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const bar = `<p class="notice bad" role="alert">As of ${time}, not live: ${GONE.toLowerCase()}.</p>`;
  const { headers } = kept;
  return new Response((await kept.text()).replace("<body>", "<body>" + bar), { headers });
}

async function show(e, at) {
  const asked = fetch(e.request);
  e.waitUntil(asked.then((answer) => keep(at, answer.clone())).catch(() => {}));
  const late = new Promise((_, fail) => { setTimeout(fail, 3000); });
  return ((await caches.match(at)) ? Promise.race([asked, late]) : asked).catch(() => old(at));
}

addEventListener("fetch", (e) => {
  const { request } = e, at = path(request.url);
  if (ASSETS.includes(at)) {
    e.respondWith(caches.match(at).then((kept) => kept || fetch(request)));
  } else if (request.mode === "navigate") {
    e.respondWith(request.method === "GET" ? show(e, at) : fetch(request).catch(() =>
      said("Not sent", ", and nothing was done. Try again, or answer by text message or call.")));
  }
});

const buttons = ({ act, label }) => act ? [{ action: "act", title: label }, { action: "open", title: "Open" }] : [];
const notify = (title, rest) => registration.showNotification(title, { icon: ASSETS[1], actions: buttons(rest.data), ...rest });

addEventListener("push", (e) => e.waitUntil((async () => {
  const { title, navigate, ...rest } = e.data.json().notification;
  await notify(title, { ...rest, renotify: true });
  const at = path(navigate || NOW);
  await fetch(at).then((answer) => keep(at, answer)).catch(() => {});
})()));

async function acknowledge({ title, tag, data }) {
  try {
    const answer = await fetch(path(data.act), { method: "POST" });
    const heading = (await answer.text()).match(/<h1>([^<]*)/)?.[1];
    await (answer.ok ? notify(heading, { tag, data, body: title, actions: [] })
      : notify(`Not acknowledged: ${heading}`, { tag, data, body: title }));
  } catch {
    await notify("Not acknowledged: not sent", { tag, data, body: `${GONE}. ${title}` });
  }
}

addEventListener("notificationclick", (e) => {
  const shown = e.notification;
  shown.close();
  e.waitUntil(e.action === "act" ? acknowledge(shown) : clients.openWindow(path(shown.data.page || NOW)));
});
