// Questions that are asked only where another one was answered so: hidden until then. Without scripts they stand, with their condition in words.
export function hideWhatIsNotAsked() {
  for (const part of document.querySelectorAll("[data-asked-if]")) {
    const inputs = [...document.getElementsByName(part.dataset.askedIf)];
    const wanted = part.dataset.askedValues.split(" ");
    const show = () => {
      const chosen = inputs.filter((input) => input.tagName === "SELECT" || input.checked).map((input) => input.value);
      part.hidden = !chosen.some((value) => wanted.includes(value));
    };
    for (const input of inputs) input.addEventListener("change", show);
    show();
  }
}
