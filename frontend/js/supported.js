// Tells the stylesheet that scripts run, before the page is drawn. A file of its own, since the Content Security
// Policy allows no inline script, and a classic one, since a module would run too late.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
