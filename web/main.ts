import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { makeRouter } from './router.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';

createApp(App).use(createPinia()).use(makeRouter()).mount('#app');
