import { openEditor } from "../support/editor/open-editor.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { median } from "./statistics.ts";

const RELOADS = 5;
/** Part of every VS Code, activated in the same extension host: what the machine makes of an extension that does real work. */
const REFERENCE = "Git";

export const activation: Measurement = {
  name: "activation",
  about: `how long the extension takes to load and activate, as a real editor reports it, in ${RELOADS} window loads`,
  async run(): Promise<Figure[]> {
    const editor = await openEditor();
    try {
      const samples = { tally: [] as number[], reference: [] as number[] };
      for (let load = 0; load < RELOADS; load++) {
        if (load > 0) await editor.reload();
        await editor.palette("Developer: Show Running Extensions");
        samples.tally.push(await activationMs(editor.page, "Tally"));
        samples.reference.push(await activationMs(editor.page, REFERENCE));
      }
      return [
        figure({
          label: "extension activation, loading its code included",
          value: median(samples.tally),
          unit: "ms",
          detail: `${samples.tally.join(", ")} ms; the editor's own ${REFERENCE} ${median(samples.reference)} ms`,
          below: 50,
        }),
      ];
    } finally {
      await editor.dispose();
    }
  },
};

type Page = Awaited<ReturnType<typeof openEditor>>["page"];

/** Reads the list of running extensions, once this extension is in it and has its time. */
async function activationMs(page: Page, extension: string): Promise<number> {
  const row = page
    .locator(".runtime-extensions-editor .extension")
    .filter({ has: page.locator(".name", { hasText: new RegExp(`^${extension}$`) }) });
  const time = row.locator(".activation-time").filter({ hasText: /\d+ ?ms/ });
  const text = await time.first().textContent();
  return Number(/(\d+) ?ms/.exec(text ?? "")?.[1]);
}
