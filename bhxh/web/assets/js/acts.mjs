// Small acts that only make sense where JavaScript runs; their buttons are hidden until then.
export function printOnPress() {
  const foot = document.querySelector(".print-foot")?.textContent;
  if (foot) document.documentElement.style.setProperty("--print-foot", JSON.stringify(foot));
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

// What was done stands in a banner: a screen reader hears it, and the keyboard goes on from there.
export function confirmDone() {
  const banner = document.querySelector("[data-done]");
  if (!banner) return;
  banner.setAttribute("tabindex", "-1");
  banner.addEventListener("blur", () => banner.removeAttribute("tabindex"), { once: true });
  banner.focus();
}
