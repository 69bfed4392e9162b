// "Keep on this device": only after the person says so is anything kept, and only these pages. Until then there is no service worker.
const KEPT = "bhxh-kept";

export async function keepOffline() {
  const [box, copy] = [document.querySelector("[data-keep-offline]"), document.querySelector("[data-kept-copy]")];
  if (copy) copy.hidden = navigator.onLine; // how old a kept copy is must be told
  if (!box || !("serviceWorker" in navigator) || !("caches" in window)) return;
  const [keep, drop] = [box.querySelector("[data-keep]"), box.querySelector("[data-drop]")];
  const say = box.querySelector("[data-said]");
  const pages = box.dataset.keepOffline.split(" ");
  const show = (isKept) => { box.hidden = false; keep.hidden = isKept; drop.hidden = !isKept; };
  show(Boolean(await caches.match(pages[0], { cacheName: KEPT })));

  keep.addEventListener("click", async () => {
    try {
      await navigator.serviceWorker.register("/sw.js");
      await navigator.serviceWorker.ready;
      const [cache, replies] = [await caches.open(KEPT), await Promise.all(pages.map((page) => fetch(page, { headers: { Accept: "text/html" } })))];
      if (replies.some((reply) => !reply.ok || reply.redirected)) throw new Error("not the page");
      await Promise.all(pages.map((page, at) => cache.put(page, replies[at])));
      show(true);
      say.textContent = box.dataset.kept;
    } catch {
      say.textContent = box.dataset.failed;
    }
  });
  drop.addEventListener("click", async () => {
    const cache = await caches.open(KEPT);
    for (const page of pages) await cache.delete(page);
    if (!(await cache.keys()).length) {
      await caches.delete(KEPT);
      for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    }
    show(false);
    say.textContent = box.dataset.dropped;
  });
}
