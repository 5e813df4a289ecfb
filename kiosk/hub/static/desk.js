// Every page works without this: it adds the components' comforts (show the password, no double press, focus on an error).
import { initAll } from './vendor/govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
