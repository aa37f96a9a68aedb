import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import LiveView from './views/LiveView.vue';
import SensorView from './views/SensorView.vue';
import SessionsView from './views/SessionsView.vue';
import SessionView from './views/SessionView.vue';
import SystemView from './views/SystemView.vue';

/**
 * The place in the page stands behind `#`: the address before it may be any prefix. All views
 * are loaded at once, so that each opens while the vehicle can't be reached.
 */
export function makeRouter(): Router {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', component: LiveView },
      { path: '/sessions', component: SessionsView },
      { path: '/sessions/:id', props: true, component: SessionView },
      { path: '/sensor', component: SensorView },
      { path: '/system', component: SystemView },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  });
}
