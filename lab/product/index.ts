export { CACHE_AT, ensureProduct, NODE_AT, PRODUCT_AT, removeOldProducts, volumesOf } from './volumes.ts';
export type { Product, ProductVolumes } from './volumes.ts';
