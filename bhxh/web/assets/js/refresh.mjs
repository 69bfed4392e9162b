// A part of a page that brings itself up to date can be stopped, and never moves under somebody who is reading or using it.
export function pauseRefreshing() {
  const button = document.querySelector("[data-pause]");
  if (!button) return;
  let isPaused = false;
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    button.textContent = isPaused ? button.dataset.go : button.dataset.stop;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (!part.hasAttribute("data-refresh")) return;
    const isInUse = part.contains(document.activeElement) || part.querySelector("details[open]") !== null;
    if (isPaused || isInUse || document.hidden) event.preventDefault();
  });
}
