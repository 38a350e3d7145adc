import { expect, it } from 'vitest';
import { openPage } from './page.ts';

it('says that there is nothing yet, then what it was told to show', async () => {
  await using page = await openPage({ host: '127.0.0.1', port: 0 });
  const metrics = `http://${page.address}/metrics`;
  expect((await fetch(metrics)).status).toBe(503);
  page.show('a 1\n');
  const answer = await fetch(metrics);
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(await answer.text()).toBe('a 1\n');
  page.show('a 2\n');
  expect(await (await fetch(`${metrics}?x=1`)).text()).toBe('a 2\n');
  expect((await fetch(`http://${page.address}/etc/passwd`)).status).toBe(404);
  expect((await fetch(metrics, { method: 'POST' })).status).toBe(405);
});

it('an address that is taken is told with the address', async () => {
  await using page = await openPage({ host: '127.0.0.1', port: 0 });
  const port = Number(page.address.split(':')[1]);
  await expect(openPage({ host: '127.0.0.1', port })).rejects.toThrow(
    /can’t listen at 127\.0\.0\.1:\d+: .*EADDRINUSE/,
  );
});

it('closes although somebody keeps a connection open', async () => {
  const page = await openPage({ host: '127.0.0.1', port: 0 });
  page.show('a 1\n');
  await (await fetch(`http://${page.address}/metrics`)).text();
  await page[Symbol.asyncDispose]();
  await expect(fetch(`http://${page.address}/metrics`)).rejects.toThrow('fetch failed');
});
