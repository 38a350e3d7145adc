/** Allure's reporter for vitest, writing each result when its test ends. The original writes all of them at the very end, so that a killed run would leave none. */
import AllureVitestReporter from 'allure-vitest/reporter';
import type { RunnerTask } from 'vitest';
import type { TestCase } from 'vitest/node';

/** Vitest's reporter modules export their class as default. */
export default class IncrementalReporter extends AllureVitestReporter {
  readonly #written = new Set<string>();

  onTestCaseResult(test: TestCase): void {
    this.handleTask((test as unknown as { readonly task: RunnerTask }).task);
  }

  /** Called for every test, and again for whole files at the end; each test is written once. */
  override handleTask(task: RunnerTask): void {
    if (task.type === 'test') {
      if (this.#written.has(task.id)) return;
      this.#written.add(task.id);
    }
    super.handleTask(task);
  }
}
