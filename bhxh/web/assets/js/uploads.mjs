// Files go up one by one when they are chosen, each with its state; one that was cut off can be sent again without being chosen again.
import { hasEnded, isSentence, takeUpAgain, wordsOfTheEnd } from "./ended.mjs";
import { askUntilExamined } from "./sent.mjs";

const ROW = '<span class="uploads__name"></span><span></span><progress max="1"></progress><p class="uploads__why" role="alert"></p>';
let underWay = 0;

export function sendFilesWhenChosen() {
  const parts = [...document.querySelectorAll("[data-upload-part]")];
  parts.forEach(sendFilesOf);
  if (document.querySelector("[data-waits]")) askUntilExamined(() => underWay);
  for (const form of parts.length ? document.querySelectorAll("form[data-next]") : []) {
    form.addEventListener("submit", (event) => {
      if (underWay) event.preventDefault(); // files that are still under way would be left behind
      if (underWay) document.querySelector("[data-uploads] [data-said]").textContent = document.querySelector("[data-uploads]").dataset.underWay;
    });
  }
}

function sendFilesOf(part) {
  const [form, input, list] = ["form[data-uploads]", "input[type=file]", "[data-sent]"].map((name) => part.querySelector(name));
  form.querySelector("[type=submit]").hidden = true;

  function send(file, old) {
    const row = Object.assign(document.createElement("li"), { className: "uploads__file", innerHTML: ROW });
    const [name, bar, why] = ["span", "progress", "p"].map((tag) => row.querySelector(tag));
    name.textContent = bar.ariaLabel = file.name;
    if (!list.querySelector("ul")) list.append(Object.assign(document.createElement("ul"), { className: "uploads" }));
    old ? old.replaceWith(row) : list.querySelector("ul").append(row);
    const failed = (said, isOver) => {
      bar.remove();
      why.replaceChildren(said);
      const again = { type: "button", className: "link-like", textContent: form.dataset.again, onclick: () => send(file, row) };
      if (!isOver) row.append(Object.assign(document.createElement("button"), again));
    };
    if (file.size > form.dataset.most) return failed(`${file.name}: ${form.dataset.heavy}`, true);
    const [request, body] = [new XMLHttpRequest(), new FormData(form)];
    body.set(input.name, file);
    request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / event.total; });
    request.addEventListener("loadend", async () => {
      const isTakenUp = hasEnded(request) && (await takeUpAgain());
      underWay -= 1;
      if (isTakenUp) return send(file, row);
      if (request.status === 204) return askUntilExamined(() => underWay);
      const why = isSentence(request.getResponseHeader("Content-Type")) && request.responseText;
      failed(hasEnded(request) ? wordsOfTheEnd() : why || form.dataset.lost, request.status === 422);
    });
    underWay += 1;
    request.open("POST", form.action);
    request.setRequestHeader("X-Autosave", "1");
    request.send(body);
  }

  input.addEventListener("change", () => {
    if (!input.files.length) return;
    for (const file of [...input.files]) send(file);
    input.value = "";
    input.dispatchEvent(new Event("change")); // the field says again that nothing is chosen
  });
  input.dispatchEvent(new Event("change")); // what was chosen before this ran, on a slow line
}
