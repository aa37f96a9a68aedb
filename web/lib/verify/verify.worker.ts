import { type FileToVerify, type VerifyMessage, verifyFiles } from './verify-files.ts';

/** Hashing keeps a core busy; the page must stay smooth, so it happens here. */
self.onmessage = (message: MessageEvent<readonly FileToVerify[]>) => {
  const post = (answer: VerifyMessage) => self.postMessage(answer);
  void verifyFiles(message.data, post);
};
