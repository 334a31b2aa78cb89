// The one script module of the service: starts the components of GOV.UK and MoJ that we use.
// Every page works without it.

import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll,
} from "govuk-frontend";
import { startAutosave } from "./autosave.js";
import { startPasskeys } from "./passkey.js";
import { watchSession } from "./session.js";

const COMPONENTS = [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
];

// Components that are already running must not be started twice: each is started within the part that is new.
function start(scope) {
  for (const component of COMPONENTS) {
    createAll(component, {}, scope);
  }
}

start(document);
startPasskeys();
watchSession(startAutosave());

// htmx swaps parts of a page in.
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) {
    start(event.target);
  }
});
