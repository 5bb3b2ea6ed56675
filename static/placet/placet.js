/* Small comforts over pages that work without them: theme, keyboard, autosave, copy.
   No dependency; nothing inline; every hook is a data attribute. */
(function () {
  "use strict";

  var NBSP = "\u00a0";
  var THEME_KEY = "placet-theme";

  function each(selector, action, root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), action);
  }

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  }

  /* Theme: automatic, light, dark; kept on this machine only. */

  function readTheme() {
    try {
      return window.localStorage.getItem(THEME_KEY) || "auto";
    } catch (error) {
      return "auto";
    }
  }

  function showTheme(theme) {
    each("[data-theme]", function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.theme === theme));
    });
    if (theme === "auto") {
      document.documentElement.removeAttribute("data-bs-theme");
    } else {
      document.documentElement.setAttribute("data-bs-theme", theme);
    }
  }

  function keepTheme(theme) {
    try {
      window.localStorage.setItem(THEME_KEY, theme);
    } catch (error) {
      /* Storage is closed: the choice holds for this page. */
    }
    showTheme(theme);
  }

  /* Lists: j and k move along the rows' links, Enter opens as any link does. */

  function moveInList(step) {
    var links = Array.prototype.slice.call(document.querySelectorAll("[data-list] tbody .ligne-lien"));
    if (!links.length) {
      return;
    }
    var index = links.indexOf(document.activeElement);
    var next = index < 0 ? 0 : Math.min(Math.max(index + step, 0), links.length - 1);
    links[next].focus();
  }

  function focusSearch() {
    var field =
      document.querySelector("main [data-search]") || document.querySelector("[data-search]");
    if (field) {
      field.focus();
      field.select();
    }
    return Boolean(field);
  }

  function openHelp() {
    var dialog = document.getElementById("aide-clavier");
    if (dialog && dialog.showModal && !dialog.open) {
      dialog.showModal();
    }
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      closeMenus(null, true);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
      return;
    }
    if (document.querySelector("dialog[open]")) {
      return;
    }
    if (event.key === "/" && focusSearch()) {
      event.preventDefault();
    } else if (event.key === "j") {
      moveInList(1);
    } else if (event.key === "k") {
      moveInList(-1);
    } else if (event.key === "?") {
      event.preventDefault();
      openHelp();
    }
  });

  /* Menus close when the reader goes elsewhere; Escape gives the focus back. */

  function closeMenus(except, refocus) {
    each("details.menu[open]", function (menu) {
      if (menu.contains(except)) {
        return;
      }
      if (refocus && menu.contains(document.activeElement)) {
        menu.querySelector("summary").focus();
      }
      menu.open = false;
    });
  }

  /* Copy */

  function copy(button) {
    var source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    var text = source ? (source.value || source.textContent).trim() : button.dataset.copy;
    var label = button.textContent;
    navigator.clipboard.writeText(text || "").then(
      function () {
        button.textContent = "Copié";
        window.setTimeout(function () {
          button.textContent = label;
        }, 2000);
      },
      function () {
        button.textContent = "Copie refusée par le navigateur";
      }
    );
  }

  document.addEventListener("click", function (event) {
    closeMenus(event.target, false);
    var button = event.target.closest("button");
    if (!button) {
      return;
    }
    if (button.dataset.theme) {
      keepTheme(button.dataset.theme);
    } else if (button.hasAttribute("data-open-help")) {
      openHelp();
    } else if (button.hasAttribute("data-print")) {
      window.print();
    } else if (button.hasAttribute("data-copy") || button.hasAttribute("data-copy-from")) {
      copy(button);
    }
  });

  /* Unsaved changes: ask before leaving a guarded form. */

  var changed = new Set();

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && (form.hasAttribute("data-guard") || form.hasAttribute("data-autosave"))) {
      changed.add(form);
    }
  });

  document.addEventListener("submit", function (event) {
    changed.delete(event.target);
  });

  window.addEventListener("beforeunload", function (event) {
    if (changed.size) {
      event.preventDefault();
    }
  });

  /* Autosave: the answer's HX-Trigger {"placet:saved": {"version": n}} says it is kept. */

  function say(text, failed) {
    each("[data-saved]", function (place) {
      place.textContent = text;
      place.classList.toggle("enregistre-echec", Boolean(failed));
    });
  }

  function autosaveForm(event) {
    var origin = event.detail && event.detail.elt;
    return origin && origin.closest ? origin.closest("[data-autosave]") : null;
  }

  document.addEventListener("placet:saved", function (event) {
    var detail = event.detail || {};
    var now = new Date();
    var hour = String(now.getHours()).padStart(2, "0");
    var minute = String(now.getMinutes()).padStart(2, "0");
    each("input[name=version]", function (input) {
      if (detail.version !== undefined) {
        input.value = detail.version;
      }
    });
    say("Enregistré à " + (detail.at || hour + ":" + minute), false);
  });

  /* What is sent is no longer unsaved, until its sending fails; what is typed meanwhile is. */
  document.addEventListener("htmx:beforeRequest", function (event) {
    var form = autosaveForm(event);
    if (form) {
      changed.delete(form);
      say("Enregistrement…", false);
    }
  });

  document.addEventListener("htmx:sendError", function (event) {
    var form = autosaveForm(event);
    if (form) {
      changed.add(form);
      say("Pas encore enregistré" + NBSP + ": le réseau ne répond pas. Gardez la page ouverte.", true);
    }
  });

  document.addEventListener("htmx:responseError", function (event) {
    var form = autosaveForm(event);
    if (!form) {
      return;
    }
    changed.add(form);
    var sentences = {
      403: "Pas enregistré" + NBSP + ": ce brouillon ne relève plus de votre rôle.",
      409: "Pas enregistré" + NBSP + ": le dossier a changé ailleurs. Copiez votre texte, puis rechargez.",
      422: "Pas encore enregistré" + NBSP + ": une valeur est à corriger.",
    };
    var status = event.detail.xhr ? event.detail.xhr.status : 0;
    say(sentences[status] || "Pas encore enregistré. Gardez la page ouverte et réessayez.", true);
  });

  /* Start */

  each("[data-needs-script]", function (element) {
    element.hidden = false;
  });
  showTheme(readTheme());
  var summary = document.querySelector("[data-focus]");
  if (summary) {
    summary.focus();
  }

  /* What was typed before the scripts came is searched like the rest. */
  document.addEventListener("DOMContentLoaded", function () {
    each("[data-search][hx-get]", function (field) {
      if (window.htmx && field.value !== field.defaultValue) {
        window.htmx.trigger(field, "early");
      }
    });
  });
})();
