// Screens of staff and employers: parts of a page are swapped without waiting for all of it.
import htmx from "htmx.org/dist/htmx.esm.js";
import { tellWhenPartsEnd } from "./ended.mjs";
import { uploadWithProgress } from "./upload.mjs";
import { askKeys } from "./security_key.mjs";
import { pauseRefreshing } from "./refresh.mjs";

Object.assign(htmx.config, {
  includeIndicatorStyles: false, // a style element would break the content policy
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // else personal pages would lie in the browser's storage
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:afterSettle", () => document.dispatchEvent(new CustomEvent("shown-anew", { detail: document })));

// What is read out is read out once: the same words again are no news.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.matches("[data-when-changed]") && detail.target.textContent === detail.fragment.textContent) detail.shouldSwap = false;
});

// Where a part of a page went to another address, the other language is that address in the other language.
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll(".speech a")) {
    const there = new URL(location.href);
    there.searchParams.set("lang", link.lang);
    link.href = there.pathname + there.search;
  }
});

uploadWithProgress();
askKeys();
pauseRefreshing();
tellWhenPartsEnd();
