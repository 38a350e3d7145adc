import { expect, test } from 'vitest';
import { accessReport, faultStates, INCIDENT_AROUND, siteAccess } from '../../harness/index.ts';
import { site } from '../../scenarios/index.ts';
import { accessText } from './report.ts';

const reportOf = (oob: boolean) => {
  const spec = site({ layout: 'replica-2', options: 'defaults', oob });
  const graph = siteAccess(spec, INCIDENT_AROUND);
  return accessReport(graph, faultStates(graph, spec));
};

test('the site of the incident: no way in when both routers are gone, found before anything breaks', () => {
  const text = accessText(reportOf(false));
  expect(text).toMatch(/^every router down +NO +NO +yes +NO$/m);
  expect(text).toMatch(/^pve1 +yes +yes +yes +yes$/m);
  expect(text).toContain(
    '! every router disk in split-brain: no way in for the operator: somebody must travel\n' +
      '    way in from afar <- way in through a router <- gateway <- router-a <- disk of router-a',
  );
  expect(text).toContain('router-a + router-b');
});

test('with a backup connection every outage leaves a way to end it', () => {
  const report = reportOf(true);
  expect(report.findings).toEqual([]);
  expect(report.states.find(({ name }) => name === 'every router down')).toMatchObject({
    page: false,
    wayIn: true,
    restore: true,
  });
  expect(accessText(report)).toContain('Every outage leaves a way to end it.');
});
