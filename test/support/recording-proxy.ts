import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** Stands between a client and its gateway, and hears what is asked. */
export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  /** What was asked, in its order, as `POST /v1/sessions`. Sockets are none of it. */
  readonly requests: readonly string[];
}

export async function startRecordingProxy(gatewayUrl: string): Promise<RecordingProxy> {
  const requests: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    requests.push(`${method} ${url}`);
    const outgoing = request(gatewayUrl + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.on("upgrade", (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    const { hostname, port } = new URL(gatewayUrl);
    const gateway = connect(Number(port), hostname, () => {
      gateway.write(`${requestHead(incoming)}\r\n\r\n`);
      gateway.write(head);
      gateway.pipe(client).pipe(gateway);
    });
    for (const [socket, other] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function requestHead({ method = "", url = "", rawHeaders }: IncomingMessage): string {
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ""}`] : [],
  );
  return [`${method} ${url} HTTP/1.1`, ...headers].join("\r\n");
}
