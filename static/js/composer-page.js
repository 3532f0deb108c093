// The composer as a page of its own.
import { mountComposer } from "./composer.js";

const root = document.querySelector(".composer-page");
const composer = mountComposer(root, (body) => location.assign(body.url));
composer.startOver = () => location.reload();
