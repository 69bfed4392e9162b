// Screens of staff and employers: parts of a page are swapped without waiting for all of it.
import htmx from "htmx.org/dist/htmx.esm.js";
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

uploadWithProgress();
askKeys();
pauseRefreshing();
