import * as vscode from "vscode";
import type { ToDashboard } from "../../protocol/dashboard.ts";
import type { Change } from "../../protocol/events.ts";
import type { Model } from "../../protocol/model.ts";
import { giveKeyboard } from "../keyboard.ts";
import type { DashboardPage, DashboardSource } from "./dashboard-page.ts";
import { type DashboardPlace, pageFolder, pageHtml } from "./page-html.ts";

/** The sidebar's view, and the type of the panel. */
export const DASHBOARD_VIEW = "tally.dashboard";
export const DASHBOARD_PANEL = "tally.dashboardPanel";

/** The dashboards of this window: one beside the files, which a reload brings back, and one in the side bar. */
export class Dashboards implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #source: () => Promise<DashboardSource>;
  readonly #pages = new Set<DashboardPage>();
  readonly #registered: readonly vscode.Disposable[];
  #panel: { readonly view: vscode.WebviewPanel; readonly page: Promise<DashboardPage> } | undefined;
  #isDisposed = false;

  /** @param source what the pages show; asked for when the first one is opened. */
  constructor(extension: vscode.Uri, source: () => Promise<DashboardSource>) {
    this.#extension = extension;
    this.#source = source;
    this.#registered = [
      vscode.window.registerWebviewViewProvider(DASHBOARD_VIEW, this),
      vscode.window.registerWebviewPanelSerializer(DASHBOARD_PANEL, this),
    ];
  }

  /** Opens the panel, or brings it to the front; with a place, goes there. */
  async show(place?: Omit<Extract<ToDashboard, { type: "show" }>, "type">): Promise<void> {
    const open = () => {
      if (this.#panel) this.#panel.view.reveal();
      else void this.#adopt(vscode.window.createWebviewPanel(DASHBOARD_PANEL, "Tally", vscode.ViewColumn.Active));
    };
    await giveKeyboard(open, () => this.#panel?.page ?? Promise.resolve());
    const page = await this.#panel?.page;
    if (place) page?.show(place);
  }

  async resolveWebviewView(view: vscode.WebviewView): Promise<void> {
    await this.#open(view, "sidebar");
  }

  async deserializeWebviewPanel(view: vscode.WebviewPanel): Promise<void> {
    // A window has one: it may have been opened by hand while this one was being brought back.
    if (this.#panel) view.dispose();
    else await this.#adopt(view);
  }

  update(model: Model, changes: readonly Change[] | null): void {
    for (const page of this.#pages) page.update(model, changes);
  }

  tellConnection(): void {
    for (const page of this.#pages) page.tellConnection();
  }

  /** The panel itself stays: it is how the editor knows what to bring back after a reload. */
  dispose(): void {
    this.#isDisposed = true;
    for (const each of this.#registered) each.dispose();
    for (const page of this.#pages) page.dispose();
  }

  #adopt(view: vscode.WebviewPanel): Promise<DashboardPage> {
    view.iconPath = vscode.Uri.joinPath(this.#extension, "media", "icon.svg");
    const page = this.#open(view, "panel");
    this.#panel = { view, page };
    return page;
  }

  async #open(view: vscode.WebviewPanel | vscode.WebviewView, place: DashboardPlace): Promise<DashboardPage> {
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [pageFolder(this.#extension)] };
    const gone = new AbortController();
    view.onDidDispose(() => {
      gone.abort();
      if (this.#panel?.view === view) this.#panel = undefined;
    });
    const source = await this.#source();
    // With it comes what the gateway is talked to with: not before a page is opened.
    const page = new (await import("./dashboard-page.ts")).DashboardPage(webview, source);
    this.#pages.add(page);
    const close = () => {
      this.#pages.delete(page);
      page.dispose();
    };
    // It may have been closed before there was anything to show.
    if (gone.signal.aborted || this.#isDisposed) {
      close();
      return page;
    }
    gone.signal.addEventListener("abort", close);
    const onVisible = () => {
      if (!view.visible) page.forget();
    };
    if ("onDidChangeViewState" in view) view.onDidChangeViewState(onVisible);
    else view.onDidChangeVisibility(onVisible);
    webview.html = pageHtml(webview, this.#extension, place);
    return page;
  }
}
