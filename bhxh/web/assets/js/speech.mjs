// On a page with several forms the button for the other language sends the one that was typed in last; without this module, the first.
export function changeLanguageWhereTyped() {
  document.addEventListener("input", ({ target }) => {
    if (!target.form?.id.startsWith("form")) return;
    for (const button of document.querySelectorAll(".speech button")) button.setAttribute("form", target.form.id);
  });
  document.addEventListener("submit", ({ submitter }) => {
    if (!submitter?.closest(".speech")) return;
    // A page cannot give a file back: it need not go up for that.
    for (const file of submitter.form.querySelectorAll("input[type=file]")) file.disabled = true;
  });
}
