// Offers places of the house under a field that takes a link; what is chosen is written as its address.
import { combobox, suggestions } from "../../fields/relation/combobox.js";
import { changed, enhance } from "../../fields/enhance.js";

enhance("input[data-link]", (input) => {
  const { link, wordsNone: none, wordsFound: found, wordsFailed: failed } = input.dataset;
  combobox(input, {
    words: { none, found, failed },
    find: async (query) => (/^([a-z]+:|[/#?])/i.test(query) ? [] : suggestions(link, query)),
    choose: (one) => {
      input.value = one.id;
      input.dispatchEvent(new CustomEvent("link:chosen", { bubbles: true, detail: one }));
      changed(input);
    },
  });
});
