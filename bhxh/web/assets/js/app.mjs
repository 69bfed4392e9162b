// What pages add where JavaScript runs. Every task works without it.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { FileUpload } from "govuk-frontend/dist/govuk/components/file-upload/file-upload.mjs";
import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";
import { keepOffline } from "./offline.mjs";
import { scanCodes } from "./scan.mjs";
import { warnBeforeTheEnd } from "./session.mjs";
import { confirmDone, printOnPress } from "./acts.mjs";
import { autosave } from "./autosave.mjs";
import { hideWhatIsNotAsked } from "./depends.mjs";
import { findOnEnter } from "./searching.mjs";
import { changeLanguageWhereTyped } from "./speech.mjs";
import { sendFilesWhenChosen } from "./uploads.mjs";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
const buildParts = (whole) => {
  for (const Part of [Button, CharacterCount, ErrorSummary, FileUpload, Radios]) {
    const name = Part.moduleName;
    for (const element of whole.querySelectorAll(`[data-module="${name}"]:not([data-${name}-init])`)) new Part(element);
  }
};
buildParts(document);
document.addEventListener("shown-anew", (event) => buildParts(event.detail)); // what came in the place of a part of the page
printOnPress();
confirmDone();
keepOffline();
warnBeforeTheEnd();
scanCodes();
hideWhatIsNotAsked();
findOnEnter();
changeLanguageWhereTyped();
sendFilesWhenChosen();
autosave();
