/** The matrix condition × fault: what is asked, how it is played, and what runs of it have shown. */
export { MATRIX_GATE, MATRIX_GATE_DEEP } from './gates.ts';
export * from './detection.ts';
export { matrixProcedure } from './procedure.ts';
export { catalogueTable, detectionOf, detectionTable, flipsOf, matrixTable, withSection } from './table.ts';
export { nightsTable } from './alarms.ts';
