import { createHash } from "node:crypto";
import { errors } from "../../protocol/errors.ts";
import { docsStyle } from "./docs-style.ts";
import type { Answer, OpenApiDocument, Operation, Parameter, Socket } from "./document.ts";
import { exampleOf } from "./example.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { html, Html } from "./html.ts";

/** The page may also lie in a file, where no header says so. */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(docsStyle).digest("base64")}'; base-uri 'none'; form-action 'none'`;

const styleTag = new Html(`<style>${docsStyle}</style>`);

/** A place in the document, as OpenAPI writes it: `{id}`. */
interface Place {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** The document of the API for a person: one page that loads nothing. */
export function docsPage(document: OpenApiDocument, url: string): string {
  const places = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Place => ({ path, method: method.toUpperCase(), operation })),
  );
  const placesOf = (tag: string) => places.filter(({ operation }) => operation.tags.includes(tag));
  const schemas = Object.entries(document.components.schemas);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>Tally API</title>
        ${styleTag}
      </head>
      <body>
        <div class="page">
          <nav aria-label="Contents">
            <ul>
              ${document.tags.map(
                ({ name }) =>
                  html`<li>
                    <a href="#${idOfTag(name)}">${name}</a>
                    <ul>
                      ${placesOf(name).map(entryOf)}
                    </ul>
                  </li> `,
              )}
              <li><a href="#sockets">WebSockets</a></li>
              <li>
                <a href="#objects">Objects</a>
                <ul>
                  ${schemas.map(([name]) => html`<li><a href="#${name}">${name}</a></li>`)}
                </ul>
              </li>
              <li><a href="#errors">Errors</a></li>
            </ul>
          </nav>
          <main>
            <h1>Tally API</h1>
            <p class="faint">
              Version ${document.info.version}. The same for programs: <code>/openapi.json</code>, or
              <code>tally api openapi</code>.
            </p>
            ${document.info.description.split("\n\n").map((paragraph) => html`<p>${inWords(paragraph)}</p> `)}
            <p>The examples below need these two; <code>tally api GET /v1/health</code> needs neither.</p>
            <pre>
export TALLY_TOKEN="$(cat "\${TALLY_HOME:-$HOME/.tally}/token")"
export TALLY_URL=${url}</pre>
            ${document.tags.map(
              ({ name, description }) =>
                html`<section>
                  <h2 id="${idOfTag(name)}">${name}</h2>
                  <p>${inWords(description)}</p>
                  ${placesOf(name).map(operationOf)}
                </section> `,
            )}
            <section>
              <h2 id="sockets">WebSockets</h2>
              <p>
                At <code>${url.replace(/^http/, "ws")}</code>; a request that is refused is answered with a problem
                document.
              </p>
              ${document["x-websockets"].map(socketOf)}
            </section>
            <section>
              <h2 id="objects">Objects</h2>
              <p>What several answers contain.</p>
              ${schemas.map(
                ([name, schema]) =>
                  html`<h3 id="${name}">${name}</h3>
                    ${tableOf(fieldsOf(schema))}`,
              )}
            </section>
            <section>
              <h2 id="errors">Errors</h2>
              <p>Each failure has one of these codes, and the status that is given with it.</p>
              <div class="scroll">
                <table>
                  <thead>
                    <tr>
                      <th>Code</th>
                      <th>Status</th>
                      <th>Meaning</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${Object.entries(errors).map(
                      ([code, { status, title }]) =>
                        html`<tr id="${code}">
                          <td><code>${code}</code></td>
                          <td>${status}</td>
                          <td>${title}</td>
                        </tr> `,
                    )}
                  </tbody>
                </table>
              </div>
            </section>
          </main>
        </div>
      </body>
    </html> `;
  return page.text;
}

function entryOf({ operation }: Place): Html {
  return html`<li><a href="#${idOfOperation(operation)}">${operation.operationId}</a></li>`;
}

/** Codes, names of objects and those of routes share the page: `paused` is a code, `limits` a tag and a route. */
function idOfTag(tag: string): string {
  return `about-${tag.toLowerCase().replaceAll(" ", "-")}`;
}

function idOfOperation({ operationId }: Operation): string {
  return `route-${operationId}`;
}

function operationOf(place: Place): Html {
  const { path, method, operation } = place;
  const body = operation.requestBody?.content["application/json"].schema;
  const answers = Object.entries(operation.responses).flatMap(([status, answer]) =>
    Number(status) < 300 && "content" in answer ? [successOf(status, answer)] : [],
  );
  return html`<article>
    <h3 id="${idOfOperation(operation)}"><span class="method">${method}</span> <code>${path}</code></h3>
    <p>${inWords(operation.summary)}. <span class="faint">${operation.operationId}</span></p>
    ${
      operation.parameters.length > 0
        ? html`<h4>Parameters</h4>
            ${tableOf(operation.parameters.map(fieldOf))}`
        : null
    }
    ${
      body
        ? html`<h4>Body${operation.requestBody.required ? "" : ", may be left out"}</h4>
            ${tableOf(fieldsOf(body))}`
        : null
    }
    ${answers}
    <pre>${curlOf(place)}</pre>
    ${refusalsOf(operation)}
  </article> `;
}

function successOf(status: string, { content }: Answer): Html {
  return html`${Object.entries(content).map(
    ([type, { schema }]) =>
      html`<h4>Answer ${status}${type === "application/json" ? "" : `, ${type}`}</h4>
        ${tableOf(fieldsOf(schema))}`,
  )}`;
}

function refusalsOf({ responses }: Operation): Html | null {
  const codes = Object.entries(responses).flatMap(([status, answer]) =>
    Number(status) >= 400 && "content" in answer ? [...answer.description.matchAll(/`([a-z-]+)`/g)] : [],
  );
  if (codes.length === 0) return null;
  return html`<p class="faint">
    Refused with
    ${codes.map(([, code = ""], index) => html`${index > 0 ? ", " : ""}<a href="#${code}"><code>${code}</code></a>`)}.
  </p>`;
}

function curlOf({ path, method, operation }: Place): string {
  const required = operation.parameters.filter((parameter) => parameter.in === "query" && parameter.required);
  const query = required.map(({ name, schema }) => `${name}=${String(exampleOf(schema, name))}`).join("&");
  const target = path.replace(/\{(\w+)\}/g, "<$1>") + (query === "" ? "" : `?${query}`);
  const body = operation.requestBody;
  const isStream = Object.values(operation.responses).some(
    (answer) => "content" in answer && "text/event-stream" in answer.content,
  );
  const lines = [
    `curl${isStream ? " -N" : ""}${method === "GET" ? "" : ` -X ${method}`} -H "Authorization: Bearer $TALLY_TOKEN"`,
    ...(body?.required === true
      ? [
          "  -H 'Content-Type: application/json'",
          `  -d '${JSON.stringify(exampleOf(body.content["application/json"].schema))}'`,
        ]
      : []),
    `  "$TALLY_URL${target}"`,
  ];
  return lines.join(" \\\n");
}

function socketOf({ name, path, description, parameters }: Socket): Html {
  return html`<h3 id="socket-${name}"><span class="method">WS</span> <code>${path}</code></h3>
    <p>${inWords(description)}</p>
    ${parameters.length > 0 ? tableOf(parameters.map(fieldOf)) : null}`;
}

function fieldOf(parameter: Parameter): Field {
  const [field] = fieldsOf(parameter.schema);
  const { name, required, description } = parameter;
  const notes = [
    ...(parameter.in === "path" ? ["In the path."] : []),
    ...(description === undefined ? [] : [description]),
    ...(field?.notes ?? []),
  ];
  return { name, required, type: field?.type ?? [], notes };
}

function tableOf(fields: readonly Field[]): Html {
  if (fields.length === 0) return html`<p class="faint">Nothing.</p>`;
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Field</th>
          <th>Type</th>
          <th>About</th>
        </tr>
      </thead>
      <tbody>
        ${fields.map(
          ({ name, type, required, notes }) =>
            html`<tr>
              <td>
                <code>${name}</code>${required || name === "" ? null : html` <span class="faint">optional</span>`}
              </td>
              <td>
                ${type.map(({ text, link }) => (link === undefined ? text : html`<a href="#${link}">${text}</a>`))}
              </td>
              <td>${notes.map((note, index) => html`${index > 0 ? " " : ""}${inWords(note)}`)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

/** Text in which `words` between backticks are code. */
function inWords(text: string): Html {
  return html`${text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
