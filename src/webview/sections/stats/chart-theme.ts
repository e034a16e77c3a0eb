import { useEffect, useState } from "preact/hooks";
import type { ChartColour } from "./series-colours.ts";

/** The editor's colours and type, for what is drawn on a canvas and so has no style sheet. */
export interface ChartTheme {
  readonly colours: Readonly<Record<ChartColour, string>>;
  readonly text: string;
  readonly lines: string;
  readonly hover: { readonly background: string; readonly text: string; readonly border: string };
  /** Around every bar; empty where the theme has no high contrast. */
  readonly contrastBorder: string;
  readonly fontFamily: string;
  readonly fontPx: number;
}

function readTheme(): ChartTheme {
  const style = getComputedStyle(document.body);
  const read = (...names: string[]) =>
    names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find(Boolean) ?? "";
  return {
    colours: {
      blue: read("charts-blue"),
      green: read("charts-green"),
      orange: read("charts-orange"),
      purple: read("charts-purple"),
      yellow: read("charts-yellow"),
      red: read("charts-red"),
      foreground: read("charts-foreground", "foreground"),
      muted: read("disabledForeground", "descriptionForeground"),
    },
    text: read("descriptionForeground", "foreground"),
    lines: read("editorIndentGuide-background1", "widget-border", "contrastBorder"),
    hover: {
      background: read("editorHoverWidget-background"),
      text: read("editorHoverWidget-foreground", "foreground"),
      border: read("editorHoverWidget-border", "contrastBorder"),
    },
    contrastBorder: read("contrastBorder"),
    fontFamily: style.fontFamily,
    fontPx: Number.parseFloat(style.fontSize),
  };
}

/** The theme that is on, read again when the person changes it. */
export function useChartTheme(): ChartTheme {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(readTheme()));
    observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    // The editor tells the colours here, also those that the person chose over the theme's.
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
    return () => observer.disconnect();
  }, []);
  return theme;
}
