import { type Settings, settingsSchema } from "../../protocol/limits.ts";
import type { Store } from "../store/store.ts";

const SETTINGS_KEY = "settings";

/** What the person has set, as a window told it last; it holds also while no window is open. */
export class KeptSettings {
  readonly #store: Store;
  #settings: Settings;

  constructor(store: Store) {
    this.#store = store;
    // What an older version kept may not fit any more; then the defaults hold until a window tells anew.
    this.#settings = settingsSchema.safeParse(store.value(SETTINGS_KEY) ?? {}).data ?? settingsSchema.parse({});
  }

  get current(): Settings {
    return this.#settings;
  }

  set(settings: Settings): Settings {
    this.#store.change((transaction) => transaction.putValue(SETTINGS_KEY, settings));
    this.#settings = settings;
    return settings;
  }
}
