import { createServer } from 'node:http';
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from './connection.ts';
import { createNetwork } from './networks.ts';

/** An engine that answers each request for a network by `answer`, and the options that it was asked for. */
async function engineThat(answer: (options: object) => { status: number; message: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-networks-'));
  const asked: object[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { Options: options } = JSON.parse(body) as { Options: object };
      asked.push(options);
      const { status, message } = answer(options);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status === 201 ? { Id: 'made' } : { message }));
    });
  }).listen(join(folder, 'docker.sock'));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return { engine: new Engine({ host: `unix://${join(folder, 'docker.sock')}` }), asked };
}

const OWNER = { run: 'r', keep: false, pid: 1 } as unknown as Parameters<typeof createNetwork>[1];
const REQUEST = { name: 'n', cidr: '198.18.0.0/24', gateway: '198.18.0.1', isolated: false };

test('Engine 27 refuses the mode that Engine 28 needs, and gets a network without it', async () => {
  const { engine, asked } = await engineThat((options) =>
    JSON.stringify(options).includes('nat-unprotected')
      ? { status: 400, message: 'failed to parse gateway_mode_ipv4: unknown gateway mode nat-unprotected' }
      : { status: 201, message: '' },
  );
  expect(await createNetwork(engine, OWNER, REQUEST)).toEqual({ kind: 'made', id: 'made' });
  expect(asked).toHaveLength(2);
});

test('any other refusal is one: a subnet that is taken, and what nobody foresaw', async () => {
  const taken = await engineThat(() => ({ status: 403, message: 'Pool overlaps with other one' }));
  expect(await createNetwork(taken.engine, OWNER, REQUEST)).toMatchObject({ kind: 'taken' });
  expect(taken.asked).toHaveLength(1);
  const odd = await engineThat(() => ({ status: 500, message: 'no space left' }));
  await expect(createNetwork(odd.engine, OWNER, REQUEST)).rejects.toThrow('no space left');
});
