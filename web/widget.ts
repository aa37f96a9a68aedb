import { createPinia } from 'pinia';
import { createApp } from 'vue';
import './styles/tokens.css';
import './styles/base.css';
import './styles/widget.css';
import LightWidget from './widget/LightWidget.vue';

/**
 * `?theme=dark` or `light` says what is behind the widget; without it the system decides. Set
 * below the root: a frame whose root has another scheme than its surroundings is not transparent.
 */
const theme = new URLSearchParams(location.search).get('theme');
const root = document.getElementById('widget');
if (root && (theme === 'dark' || theme === 'light')) root.dataset['theme'] = theme;

createApp(LightWidget).use(createPinia()).mount('#widget');
