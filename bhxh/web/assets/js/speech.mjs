// On a page with several forms the button for the other language sends the one that was typed in last; without this module, the first.
export function changeLanguageWhereTyped() {
  let typed = "";
  document.addEventListener("input", ({ target }) => {
    if (target.form?.id.startsWith("form")) typed = target.form.id;
  });
  for (const button of document.querySelectorAll(".speech button")) {
    const own = button.getAttribute("form");
    button.addEventListener("click", () => {
      // Only while it is pressed: it stands before all buttons of that form, and Enter there would press it.
      if (document.getElementById(typed)) button.setAttribute("form", typed);
      setTimeout(() => button.setAttribute("form", own));
    });
  }
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.submitter?.closest(".speech")) return;
    // A page cannot give a file back: it need not go up for that.
    for (const file of event.target.querySelectorAll("input[type=file]")) file.disabled = true;
  });
}
