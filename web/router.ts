import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import LiveView from './views/LiveView.vue';

/** The place in the page stands behind `#`: the address before it may be any prefix. */
export function makeRouter(): Router {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'live', component: LiveView },
      { path: '/sessions', component: () => import('./views/SessionsView.vue') },
      {
        path: '/sessions/:id',
        props: true,
        component: () => import('./views/SessionView.vue'),
      },
      { path: '/sensor', component: () => import('./views/SensorView.vue') },
      { path: '/system', component: () => import('./views/SystemView.vue') },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  });
}
