// Enter in a box that looks for a name presses its own button; without scripts it goes on, and the list comes with what is to be chosen.
export function findOnEnter() {
  for (const box of document.querySelectorAll("[data-search]")) {
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      document.getElementById(box.dataset.search).click();
    });
  }
}
