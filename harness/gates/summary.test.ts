import { describe, expect, it } from 'vitest';
import { node } from '../model/names.ts';
import { judgeGate } from './gate.ts';
import type { Answer } from './gate.ts';
import type { GateFacts, NodeFacts } from './facts.ts';
import { HEALED } from './gates.ts';
import { brickOf, IMAGE, IMAGE_GFID, idOf, image, NAMES, nodeOf, site, withNode } from './site.fixture.ts';

const ask = (facts: GateFacts, waivers: readonly { condition: string; why: string }[] = []): Answer =>
  judgeGate(
    HEALED,
    { node: node('pve2'), waivers },
    [0, 1000, 2000].map((atMs) => ({ ...facts, atMs })),
  );

const SHARD = `/.shard/${IMAGE_GFID}.3`;
const OWN = { 'trusted.gfid': 'a'.repeat(32) };
const pending = { 'trusted.afr.v-client-2': `00000001${'0'.repeat(16)}` };
const lists = (entries: readonly string[]): NodeFacts['healInfo'] => ({
  seen: true,
  bricks: NAMES.map((name) => ({
    brick: idOf(name),
    connected: true,
    status: 'Connected',
    entries: { seen: true, count: name === 'pve3' ? 0 : entries.length },
    inSplitBrain: [],
    listed: name === 'pve3' ? [] : entries,
  })),
});

/** One image of which pve3 missed a shard: seen in the index, by heal info twice over, and on the bricks. */
const healing = site({
  bricks: NAMES.map((name) =>
    brickOf(name, {
      files: [image(), { ...image({ ...OWN, ...(name === 'pve3' ? {} : pending) }), path: SHARD }],
      ...(name === 'pve3'
        ? {}
        : {
            index: { seen: true, xattrop: 1, dirty: 0, entryChanges: 0 },
            indexGfids: { xattrop: [IMAGE_GFID], dirty: [], entryChanges: [] },
          }),
    }),
  ),
  nodes: NAMES.map((name) => nodeOf(name, { healInfo: lists([SHARD]), healInfoXml: lists([IMAGE]) })),
});

describe('the line for people', () => {
  it('tells a heal once, by image and direction, whoever sees it', () => {
    const answer = ask(healing);
    expect(answer.sentences.length).toBeGreaterThan(5);
    expect(answer.summary).toBe(
      '1 image still heals on pve1, pve2 -> pve3: vm-101-disk-0.raw (D1, D2, D4, D6)',
    );
  });

  it('tells of a heal that the newest look no longer sees when it was', () => {
    const looks = [healing, site(), site()].map((facts, index) => ({ ...facts, atMs: index * 1000 }));
    expect(judgeGate(HEALED, { node: node('pve2'), waivers: [] }, looks).summary).toBe(
      '1 image still healed 2.0 s ago on pve1, pve2 -> pve3: vm-101-disk-0.raw (D1, D2, D4, D6)',
    );
  });

  it('tells a brick that is away once', () => {
    const gone = {
      mounts: {
        seen: true,
        mounts: [
          {
            path: '/mnt',
            clients: {
              seen: true,
              bricks: NAMES.map((_, index) => ({ client: `v-client-${index}`, connected: index !== 1 })),
              sets: [
                {
                  set: 'v-replicate-0',
                  childUp: [true, false, true],
                  quorumType: 'auto',
                  quorumCount: undefined,
                },
              ],
            },
          },
        ],
      },
    } as const;
    const healthy = nodeOf('pve1').status;
    const status = healthy.seen
      ? {
          ...healthy,
          rows: healthy.rows.map((row) => (row.name === idOf('pve2') ? { ...row, online: false } : row)),
        }
      : healthy;
    const answer = ask(site({ nodes: NAMES.map((name) => nodeOf(name, { ...gone, status })) }));
    expect(answer.summary).toBe('not up for everybody: brick pve2:/b (B1, C2)');
  });

  it('what is definite comes first, what one cause left unknown is said once, and the window only when nothing else is', () => {
    const split = withNode('pve1', { healInfo: { seen: false, because: 'it hung' } });
    expect(ask(split).summary).toMatch(/^not known: heal info on pve1 was not seen: it hung.* \(D2\); /);
    const one = judgeGate(HEALED, { node: node('pve2'), waivers: [] }, [site()]);
    expect(one.summary).toBe('1 of 3 looks taken, over 0.0 s of 2.0 s: one look proves nothing (window)');
    const left = ask(site({ healLeftOut: '5,000 files wait' }));
    expect(left.summary).toBe('not asked yet: 5,000 files wait (D2, D3)');
  });

  it('tells a brick that heal info could not ask once', () => {
    const dash: NodeFacts['healInfo'] = {
      seen: true,
      bricks: NAMES.map((name) => ({
        brick: idOf(name),
        connected: name !== 'pve3',
        status: name === 'pve3' ? 'Transport endpoint is not connected' : 'Connected',
        entries: name === 'pve3' ? { seen: false, because: '-' } : { seen: true, count: 0 },
        inSplitBrain: [],
        listed: [],
      })),
    };
    const facts = site({
      nodes: NAMES.map((name) => nodeOf(name, { healInfo: dash, healInfoXml: dash, splitBrain: dash })),
    });
    expect(ask(facts).summary).toBe('could not be asked: brick pve3:/b (D2, D3)');
  });

  it('tells a node that does not answer once', () => {
    const away = { seen: false, because: 'the node could not be reached (timed out)' } as const;
    const gone = withNode('pve3', {
      identity: away,
      layout: away,
      localBricks: away,
      mounts: away,
      info: away,
      peers: away,
      pool: away,
      status: away,
      healInfo: away,
      healInfoXml: away,
      splitBrain: away,
    });
    const because = 'brick pve3:/b was not read: no node that answered holds it; pve3 did not answer';
    const answer = ask({
      ...gone,
      bricks: gone.bricks.map((one) =>
        one.brick === idOf('pve3')
          ? { brick: one.brick, arbiter: false, accusedAs: one.accusedAs, seen: false, because }
          : one,
      ),
    });
    expect(answer.sentences.length).toBeGreaterThan(8);
    expect(answer.summary).toBe(
      'not known: pve3 does not answer: the node could not be reached (timed out) (A2, A3b, A3c, B0, B1, C2, D1, D4, D6, E1, E2)',
    );
  });

  it('leaves out what is waived, and is empty when open', () => {
    expect(ask(site()).summary).toBe('');
    const waivers = [
      { condition: 'D2', why: 'x' },
      { condition: 'D3', why: 'x' },
    ];
    expect(ask(site({ healLeftOut: 'x' }), waivers).summary).toBe('');
  });
});
