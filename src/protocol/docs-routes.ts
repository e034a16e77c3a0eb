import * as z from "zod";

/** What the API says of itself, made from the table of routes. */
export const docsRoutes = {
  /** An OpenAPI 3.1 document. */
  openapi: { method: "GET", path: "/openapi.json", result: z.record(z.string(), z.unknown()) },
  /** The same for a person: one page that needs nothing else. */
  docs: { method: "GET", path: "/docs", result: z.string(), answers: "text/html" },
} as const;
