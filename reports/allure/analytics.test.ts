import { expect, test } from 'vitest';
import { withoutAnalytics } from './analytics.ts';

const page = (scripts: string): string =>
  `<html><head>${scripts}<script>window.allure = 1</script></head></html>`;

test('the loader and its settings go, everything else stays', () => {
  const analytics = `
    <script async src="https://www.googletagmanager.com/gtag/js?id=G-FVWC4GKEYS"></script>
    <script>
      window.dataLayer = window.dataLayer || [];
      function gtag(){dataLayer.push(arguments);}
    </script>`;
  expect(withoutAnalytics(page(analytics), 'index.html').replaceAll(/\s+/g, '')).toBe(
    page('').replaceAll(/\s+/g, ''),
  );
});

test('a form that is not known is an error', () => {
  const other = '<script>load("https://www.googletagmanager.com/gtm.js")</script>';
  expect(() => withoutAnalytics(page(other), 'index.html')).toThrow(
    /index.html still names googletagmanager/,
  );
});
