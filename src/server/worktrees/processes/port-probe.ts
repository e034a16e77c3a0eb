import { connect, createServer } from "node:net";

const LOOPBACK = ["127.0.0.1", "::1"];
const EVERYWHERE = ["0.0.0.0", "::"];
/** On loopback whoever listens answers at once, or has too much to do to be called ready. */
const ANSWER_WITHIN_MS = 1_000;

/** Whether something accepts connections on this port of this machine. */
export async function answersOn(port: number): Promise<boolean> {
  return (await Promise.all(LOOPBACK.map((host) => accepts(host, port)))).includes(true);
}

/** Whether a program that wants to listen on this port would find it taken, on whatever address. */
export async function isTaken(port: number): Promise<boolean> {
  // What the system only forwards takes no port, and answers all the same.
  if (await answersOn(port)) return true;
  for (const host of [...LOOPBACK, ...EVERYWHERE]) if (await isInUse(host, port)) return true;
  return false;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => settle(false));
    socket.on("connect", () => settle(true));
    socket.on("error", () => settle(false));
  });
}

/** An address that this machine does not have is in nobody's use. */
function isInUse(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)));
  });
}
