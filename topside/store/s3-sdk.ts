import { EXIT, LeaveError } from '../exit-codes.ts';

/** The SDK is an optional dependency, loaded for those who ask for it. */
export type Sdk = typeof import('@aws-sdk/client-s3') & typeof import('@aws-sdk/lib-storage');

export async function loadSdk(): Promise<Sdk> {
  try {
    const [client, storage] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/lib-storage'),
    ]);
    return { ...client, ...storage };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) {
      throw error;
    }
    const message = '--to needs @aws-sdk/client-s3 and @aws-sdk/lib-storage: npm install them';
    throw new LeaveError(EXIT.usage, message, { cause: error });
  }
}
