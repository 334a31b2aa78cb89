// Never lose a word: saves the form of a draft (an assessment, minutes) while it is typed, says so only when the server
// has said so, and warns before a page with unsaved text is left. htmx sends and fills in the answer (web/autosave.py);
// here is decided when, and what is true when no answer came. Without this module the form is saved by its button.

const AFTER_TYPING = 2000;
const TRY_AGAIN_AFTER = [5000, 10000, 20000, 40000, 60000];

// How it went, in the answer's X-Autosave header. After the others, it is no use to try again by itself.
const SAVED = ["saved"];
const TRY_AGAIN = ["signed-out", "somebody-else"];

const WORDS = {
  typing: "Not saved yet",
  nothingSends: "Not saved. In this browser nothing is saved while you type: save it with the button below.",
  noConnection:
    "Not saved. There is no connection to the service. What you typed stays on this page, and is saved by itself " +
    "as soon as there is.",
  trouble:
    "Not saved. The service could not save it. What you typed stays on this page, and it is tried again by itself.",
  gone:
    "Not saved. This draft is no longer here for you: perhaps it was handed over, or your access has ended. What you typed " +
    "stays on this page: copy what you need.",
};

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = document.getElementById("saved");
    this.said = document.getElementById("saved-said");
    // What was typed and not saved: counted, since typing goes on while a request is under way.
    this.typed = 0;
    this.savedUpTo = 0;
    this.sentUpTo = 0;
    this.busy = false;
    this.failures = 0;
    this.stopped = !form.hasAttribute("hx-post");
    this.leaving = false;
    this.button = null;
    this.state = "";

    form.addEventListener("input", () => this.onInput());
    form.addEventListener("submit", (event) => this.onSubmit(event));
    form.addEventListener("htmx:configRequest", (event) => this.onConfigure(event));
    form.addEventListener("htmx:beforeRequest", () => this.onSend());
    form.addEventListener("htmx:beforeSwap", (event) => this.onAnswer(event));
    form.addEventListener("htmx:afterRequest", (event) => this.onEnd(event));
    window.addEventListener("beforeunload", (event) => this.onLeave(event));
    window.addEventListener("pageshow", () => (this.leaving = false));
    window.addEventListener("online", () => this.again());
    document.addEventListener("visibilitychange", () => document.hidden || this.again());
    if (form.dataset.typed === "unsaved") {
      this.onInput();
    }
  }

  get unsaved() {
    return this.typed > this.savedUpTo;
  }

  // A button waits for what is being saved. Where the service refuses that, its own page says why, and keeps the text.
  get pressed() {
    return this.button !== null && !this.failures;
  }

  onInput() {
    this.typed += 1;
    this.takeBack();
    this.wait(AFTER_TYPING);
  }

  wait(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), time);
  }

  save() {
    if (!this.unsaved || this.stopped || this.leaving || this.busy) {
      return;
    }
    if (window.htmx) {
      window.htmx.trigger(this.form, "autosave");
    } else {
      this.say("nothing-sends", WORDS.nothingSends);
    }
  }

  // The connection is back, or the person is, from signing in in another tab.
  again() {
    if (this.failures) {
      this.save();
    }
  }

  // Nobody may be there any more: what is tried again by itself does not keep the session.
  onConfigure(event) {
    if (this.failures && this.typed === this.sentUpTo) {
      event.detail.headers["X-By-Itself"] = "yes";
    }
  }

  onSend() {
    this.busy = true;
    this.sentUpTo = this.typed;
  }

  // Only the service's own small answers go into the page, and those with any status. Two texts are for the page that
  // the button leads to: with the version that comes with them, the button would overwrite what nobody has seen.
  onAnswer(event) {
    const state = event.detail.xhr.getResponseHeader("X-Autosave");
    event.detail.shouldSwap = state !== null && !(state === "changed" && this.pressed);
    event.detail.isError = false;
  }

  onEnd(event) {
    const { xhr } = event.detail;
    const state = xhr.status ? xhr.getResponseHeader("X-Autosave") : null;
    this.busy = false;
    if (SAVED.includes(state)) {
      this.savedUpTo = this.sentUpTo;
    }
    if (SAVED.includes(state) || state === "partly") {
      this.failures = 0;
      this.show(state);
      this.goOn();
    } else if (state === "token") {
      this.save();
    } else {
      this.onFailure(xhr, state);
    }
  }

  goOn() {
    if (this.button) {
      this.submit();
    } else if (this.typed > this.sentUpTo) {
      this.takeBack();
      this.wait(AFTER_TYPING);
    }
  }

  // "Saved" is true of what stood there before this was typed. On the screen alone: nobody wants it spoken.
  takeBack() {
    if (SAVED.includes(this.state)) {
      this.status.textContent = WORDS.typing;
    }
  }

  onFailure(xhr, state) {
    if (this.pressed && (state || xhr.status === 404)) {
      this.submit();
      return;
    }
    this.button = null;
    if (state && !TRY_AGAIN.includes(state)) {
      this.stopped = true;
      this.show(state);
      return;
    }
    if (xhr.status === 404) {
      this.stopped = true;
      this.say("gone", WORDS.gone);
      return;
    }
    if (state) {
      this.show(state);
    } else {
      this.say(...(xhr.status ? ["trouble", WORDS.trouble] : ["no-connection", WORDS.noConnection]));
    }
    this.wait(TRY_AGAIN_AFTER[Math.min(this.failures, TRY_AGAIN_AFTER.length - 1)]);
    this.failures += 1;
  }

  // The button: at once where everything is saved. Else it is saved first, since the browser's own page for a service
  // that does not answer would take the text with it; the answer brings the version that the form needs.
  onSubmit(event) {
    const nothingToLose = !this.unsaved && !this.busy && !this.failures;
    const atOnce = this.leaving || !window.htmx || this.stopped || nothingToLose;
    if (atOnce && navigator.onLine) {
      this.leaving = true;
      return;
    }
    event.preventDefault();
    if (this.stopped) {
      this.say("no-connection", WORDS.noConnection);
      return;
    }
    this.button = event.submitter;
    this.typed += this.unsaved ? 0 : 1;
    this.save();
  }

  submit() {
    const { button } = this;
    this.button = null;
    this.leaving = true;
    this.form.requestSubmit(button);
  }

  // The page is left for another reason, and what is unsaved goes along.
  letGo() {
    this.leaving = true;
  }

  onLeave(event) {
    if (this.unsaved && !this.leaving) {
      event.preventDefault();
    }
  }

  say(state, words) {
    this.status.textContent = words;
    this.show(state);
  }

  // What is new is also spoken: that it is saved now, that it is not. Not each time that it is saved again.
  show(state) {
    const fine = SAVED.includes(state) || state === "partly";
    this.status.classList.toggle("app-saved--not", !fine);
    if (state !== this.state) {
      this.said.textContent = this.status.textContent.trim();
      // The line at the foot of the window is higher now, and may stand before what is being typed.
      document.activeElement.scrollIntoView({ block: "nearest" });
    }
    this.state = state;
  }
}

export function startAutosave() {
  const form = document.querySelector("form[data-typed]");
  return form ? new Autosave(form) : null;
}
