/* Says how far the page is: computing, shown, stuck or cut off; the words stand in the page. */
"use strict";
const PENDING = 'script[type="application/vnd.voila.cell-output+json"]';
const wait = document.getElementById("xk-wait");
const lost = document.getElementById("xk-lost");

function tell(what) {
  wait.hidden = true;
  lost.firstElementChild.textContent = lost.dataset[what];
  lost.hidden = false;
}

function pending() {
  const waiting = (output) => output.textContent === "Loading widget...";
  return document.querySelector(PENDING) || [...document.querySelectorAll(".jp-OutputArea-output")].some(waiting);
}

function shown() {
  if (document.getElementById("xk-computed") && !pending()) wait.hidden = true;
}

/* Asks after the kernel, which the server ends when nobody has used it for long; asking is no use of it. */
async function ask() {
  const config = document.getElementById("jupyter-config-data");
  if (!config || document.hidden) return;
  const { baseUrl, kernelId } = JSON.parse(config.textContent);
  const answer = await fetch(`${baseUrl}api/kernels/${kernelId}`, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) lost.hidden = true;
  else tell("lost");
}

/* The handles of sliders have a role and no name. */
function name() {
  for (const handle of document.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".widget-inline-hbox")?.querySelector(".widget-label");
    handle.setAttribute("aria-label", label?.textContent || "");
  }
}

new MutationObserver(() => {
  shown();
  name();
}).observe(document.documentElement, { childList: true, subtree: true });
window.addEventListener("load", () => {
  setInterval(ask, 10000);
  setTimeout(() => pending() && tell("stuck"), 30000);
});
window.addEventListener("focus", ask);
