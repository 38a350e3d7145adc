/** The pictures' own font, so that they look the same on a machine without any. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Paths of the TrueType files of Inter, regular and semi-bold. */
export const FONT_FILES: { readonly regular: string; readonly semibold: string } = {
  regular: require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  semibold: require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
};
