import type { Frame } from "playwright-core";
import type { Workbench } from "../../../scripts/editor/workbench.ts";

/** More would be a trap, or a page that nobody walks through. */
const MAX_STEPS = 200;

/** What of an element of the page is looked at here. */
interface PageElement {
  readonly tagName: string;
  readonly id: string;
  readonly tabIndex: number;
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  matches(selector: string): boolean;
  checkVisibility(options: { readonly visibilityProperty: boolean }): boolean;
}

/** Runs in the page: what the Tab key can come to, as a person knows it. Of a group of radio buttons it comes to one. */
function namesOf(elements: PageElement[]): string[] {
  return elements
    .filter((element) => element.tabIndex >= 0 && !element.matches(":disabled, [type=radio]"))
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .map((element) => {
      const label = element.getAttribute("aria-label") ?? element.textContent ?? "";
      return `${element.tagName.toLowerCase()} ${element.id} ${label.trim()}`;
    });
}

/** All that the Tab key is to come to in this page. */
export function reachable(frame: Frame): Promise<string[]> {
  return frame.locator("a[href], button, input, select, textarea, summary, [tabindex]").evaluateAll(namesOf);
}

/** What has the focus in this page; null where nothing has. */
export async function focused(frame: Frame): Promise<string | null> {
  const elements = frame.locator(":focus");
  if ((await elements.count()) === 0) return null;
  const [name = "something"] = await elements.evaluateAll(namesOf);
  return name;
}

/** Presses Tab from the search on until the focus leaves the page or is back. @returns all that had it, in order */
export async function walk({ page }: Workbench, frame: Frame): Promise<string[]> {
  await frame.getByRole("searchbox").focus();
  const seen: string[] = [];
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const name = await focused(frame);
    if (name === null || (name === seen[0] && step > 0)) return seen;
    seen.push(name);
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not leave the page: ${seen.slice(-5).join(", ")}`);
}

/** Presses Tab until this has the focus. */
export async function tabTo({ page }: Workbench, frame: Frame, name: RegExp): Promise<void> {
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (name.test((await focused(frame)) ?? "")) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not come to ${String(name)}`);
}
