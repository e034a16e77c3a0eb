import { docsPage } from "../openapi/docs-page.ts";
import { openApiDocument } from "../openapi/document.ts";
import type { RouteHandlers } from "./router.ts";

export interface DocsRoutesOptions {
  readonly version: string;
  /** Where the gateway listens: the page's examples say so. */
  readonly port: () => number;
}

/** What the API says of itself. Made when it is first asked for: most gateways never are. */
export function docsRoutes({ version, port }: DocsRoutesOptions): Pick<RouteHandlers, "openapi" | "docs"> {
  let made: ReturnType<typeof openApiDocument> | undefined;
  const document = () => (made ??= openApiDocument(version));
  return {
    openapi: () => ({ ...document() }),
    docs: () => docsPage(document(), `http://127.0.0.1:${port()}`),
  };
}
