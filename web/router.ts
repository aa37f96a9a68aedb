import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import LiveView from './views/LiveView.vue';

/** The place in the page stands behind `#`: the address before it may be any prefix. */
export function makeRouter(): Router {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'live', component: LiveView },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  });
}
