import { createPinia } from 'pinia';
import { createApp } from 'vue';
import './styles/tokens.css';
import './styles/base.css';
import LightWidget from './widget/LightWidget.vue';

/** `?theme=dark` or `light` says what is behind the widget; without it the system decides. */
const theme = new URLSearchParams(location.search).get('theme');
if (theme === 'dark' || theme === 'light') document.documentElement.dataset['theme'] = theme;

createApp(LightWidget).use(createPinia()).mount('#widget');
