// The session as the page knows it: warns before it ends, and leaves the page when it has ended or is locked, so that
// nothing stays to be read on an unattended screen. What was typed and not saved goes along, to be held for its author
// (web/held_forms.py). The server decides; without this module it ends the session all the same.

const LOOK_EVERY = 15000;
// Who types into a page that does not save by itself is there, too: the server is told now and then.
const TELL_EVERY = 120000;
const HELD_FOR = "input[name=held_for]";

class SessionWatch {
  constructor(dialog, autosave) {
    this.dialog = dialog;
    this.autosave = autosave;
    this.words = document.getElementById("session-words");
    this.warnedAfter = Number(dialog.dataset.warnedAfter) * 1000;
    this.warnedFor = Number(dialog.dataset.idle) * 1000 - this.warnedAfter;
    this.askAt = Date.now() + this.warnedAfter;
    this.toldAt = Date.now();
    this.typedAt = 0;
    this.typedInto = null;
    this.busy = false;

    document.addEventListener("input", (event) => this.onInput(event));
    document.addEventListener("submit", (event) => this.onSubmit(event));
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    document.getElementById("session-stay-button").addEventListener("click", () => this.stay());
    // Escape: somebody is there.
    dialog.addEventListener("cancel", () => this.stay());
    if ("BroadcastChannel" in window) {
      this.channel = new BroadcastChannel("session");
      this.channel.addEventListener("message", () => this.ask());
    }
    this.timer = setInterval(() => this.look(), LOOK_EVERY);
  }

  onInput(event) {
    this.typedAt = Date.now();
    const { form } = event.target;
    if (form && form.querySelector(HELD_FOR)) {
      this.typedInto = form;
    }
  }

  // The form with text that nobody has saved yet. What saves itself while it is typed knows better.
  get unsaved() {
    const form = this.typedInto;
    return form && !(this.autosave && this.autosave.form === form && !this.autosave.unsaved) ? form : null;
  }

  // The screen is locked by a button of the page's bar: what is typed goes along.
  onSubmit(event) {
    const locks = event.submitter && event.submitter.name === "then" && event.submitter.value === "lock";
    if (locks && this.unsaved) {
      event.preventDefault();
      this.sendToBeHeld();
    } else if (event.target === this.typedInto && !event.defaultPrevented) {
      this.typedInto = null;
    }
  }

  look() {
    if (this.typedAt > this.toldAt && Date.now() - this.toldAt > TELL_EVERY) {
      this.stay();
    } else if (Date.now() >= this.askAt) {
      this.ask();
    }
  }

  async stay() {
    this.toldAt = Date.now();
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    try {
      await fetch(this.dialog.dataset.stay, {
        method: "POST",
        headers: { "X-CSRFToken": token ? token.value : "" },
        redirect: "manual",
      });
    } catch (error) {
      // No connection: asked again below, and at the next look.
    }
    await this.ask();
  }

  async ask() {
    if (this.busy) {
      return;
    }
    this.busy = true;
    try {
      const answer = await fetch(this.dialog.dataset.left, { redirect: "manual" });
      if (answer.ok) {
        this.onAnswer(await answer.json());
      } else if (answer.type === "opaqueredirect") {
        this.leave();
      }
    } catch (error) {
      // No connection, and so nothing known: the next look asks again.
    }
    this.busy = false;
  }

  onAnswer({ left, locked }) {
    const milliseconds = left * 1000;
    if (locked) {
      this.leave();
    } else if (milliseconds > this.warnedFor) {
      this.askAt = Date.now() + milliseconds - this.warnedFor;
      this.dialog.close();
    } else {
      this.warn(Math.ceil(left / 60));
    }
  }

  warn(minutes) {
    const words = `You will be signed out in ${minutes} minute${minutes === 1 ? "" : "s"}.`;
    if (!this.dialog.open) {
      this.dialog.showModal();
      document.getElementById("session-title").focus();
    }
    // Said again only when it is another minute.
    if (this.words.textContent !== words) {
      this.words.textContent = words;
    }
  }

  leave() {
    clearInterval(this.timer);
    if (this.unsaved) {
      this.sendToBeHeld();
    } else {
      if (this.autosave) {
        this.autosave.letGo();
      }
      window.location.replace(window.location.pathname + window.location.search);
    }
  }

  sendToBeHeld() {
    const form = this.unsaved;
    const mark = document.createElement("input");
    mark.type = "hidden";
    mark.name = "hold_only";
    mark.value = "yes";
    form.append(mark);
    if (this.autosave) {
      this.autosave.letGo();
    }
    // Past the form's own listeners: nothing is to be saved.
    HTMLFormElement.prototype.submit.call(form);
  }
}

// Other tabs show children too.
function tellOtherTabs() {
  if ("BroadcastChannel" in window) {
    new BroadcastChannel("session").postMessage("locked");
  }
}

export function watchSession(autosave) {
  const dialog = document.getElementById("session");
  if (dialog && "showModal" in dialog) {
    new SessionWatch(dialog, autosave);
  } else if (document.getElementById("locked")) {
    tellOtherTabs();
  }
}
