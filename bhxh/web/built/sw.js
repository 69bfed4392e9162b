// The service worker. It lives only where somebody pressed "keep on this device", keeps the shell and those pages, and nothing else.
// To switch it off everywhere: let install() skip waiting and activate() delete all caches and unregister.
const [SHELL, KEPT, DAYS] = ["bhxh-shell-b4de17a6b3ef", "bhxh-kept", 30];
const PARTS = ["/ngoai-tuyen","/tinh/06f77c42fe33e79e/app.css","/tinh/4669a757e9b65c2f/app.js","/tinh/03d1b589cff172e1/be-vietnam-pro-latin-400.woff2","/tinh/a193dd87699bd2e1/be-vietnam-pro-latin-700.woff2","/tinh/dc085e2fba3414e5/be-vietnam-pro-vietnamese-400.woff2","/tinh/4f58af2d1c3e28a9/be-vietnam-pro-vietnamese-700.woff2","/tinh/3f3c9b39e63265a3/digits.woff2"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(PARTS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("bhxh-shell-") && name !== SHELL);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return; // forms are never queued: the time of filing must be honest
  if (path.startsWith("/tinh/")) event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => offline(path)));
});

async function offline(path) {
  const [cache, shell] = [await caches.open(KEPT), await caches.open(SHELL)];
  const kept = await cache.match(path);
  const age = kept && Date.now() - Date.parse(kept.headers.get("Date"));
  if (kept && age < DAYS * 86400e3) return kept;
  if (kept) await cache.delete(path);
  return shell.match("/ngoai-tuyen");
}
