// Passkeys: asks the browser, and puts its answer into the form. `templates/mfa/_passkey.html` is the form.

const QUESTIONS = {
  create: (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

const isKnown = () => Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

async function answer(form) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.hidden = true;
  try {
    const { publicKey } = JSON.parse(form.dataset.passkeyOptions);
    const credential = await QUESTIONS[form.dataset.passkey](publicKey);
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    // Cancelled, too late, not known to this device, or an address by number: the person decides what then.
    console.info(`No passkey: ${error.name}`);
    trouble.hidden = false;
  }
}

export function startPasskeys() {
  if (!isKnown()) {
    return;
  }
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.querySelector("[data-passkey-without]").hidden = true;
    form.querySelector("[data-passkey-button]").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form);
    });
  }
}
