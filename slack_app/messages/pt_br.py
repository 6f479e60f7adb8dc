"""Brazilian Portuguese."""

from dataclasses import replace

from .pt_br_people import PT_BR_PEOPLE

PT_BR = replace(
    PT_BR_PEOPLE,
    help_title="O que eu sei fazer",
    help_pair="Vincular um celular: por QR em mensagem direta, por código ou por um link para "
    "outra pessoa.",
    help_status="Consultar agora e mostrar todos os dispositivos, os com problema primeiro; só os "
    "não conectados (`down`), de uma conta ou com um texto; ou um em detalhe.",
    help_list="Listar os dispositivos com seus ids.",
    help_history="Mostrar como os dispositivos se saíram: tempo conectado, quedas, maior falha.",
    help_check="Verificar quais números estão no WhatsApp.",
    help_reconnect="Reconectar um dispositivo agora.",
    help_disconnect="Desconectar um dispositivo até você retomá-lo.",
    help_pause="Parar de reconectar um dispositivo até você retomá-lo.",
    help_resume="Voltar a manter conectado um dispositivo pausado.",
    help_create="Criar um dispositivo, para vincular em seguida.",
    help_rename="Dizer como dar outro nome a um dispositivo.",
    help_unlink="Desvincular o celular de um dispositivo e conferir.",
    help_delete="Excluir um dispositivo.",
    help_ack="Assumir um alerta: ninguém mais é lembrado dele. Ou listar o que está aberto.",
    help_mute="Silenciar alertas por um tempo: de um dispositivo, de uma conta ou de um tipo.",
    help_unmute="Acabar com isso.",
    help_subscribe="Postar alertas neste canal: todos, ou os de um dispositivo.",
    help_unsubscribe="Parar com isso: de vez, ou do jeito que foi pedido.",
    help_subscriptions="Mostrar quais canais recebem quais alertas.",
    help_webhooks="Mostrar quais dispositivos me avisam na hora, e permitir isso.",
    help_help="Mostrar esta ajuda.",
    argument_device="dispositivo",
    argument_new_name="dispositivo ou nome novo",
    argument_numbers="números",
    argument_filter="down | conta | texto",
    argument_name="nome",
    argument_alert="dispositivo ou alerta",
    unknown_command="Não conheço `{word}`.",
    did_you_mean="Você quis dizer `{command}`?",
    see_help="`{command}` mostra o que eu sei fazer.",
    device_missing="Qual dispositivo? Escreva: `{usage}`",
    numbers_missing="Quais números? Escreva: `{usage}`",
    too_much="Este comando não aceita mais nada. Escreva: `{usage}`",
    no_such_device="Não há dispositivo chamado *{name}*.",
    several_devices="Há mais de um dispositivo chamado *{name}*. Qual deles?",
    similar_devices="Não há dispositivo chamado *{name}*. É um destes?",
    button_choose="Este",
    state_connected="conectado",
    state_reconnecting="reconectando",
    state_needs_pairing="precisa ser vinculado de novo",
    state_never_paired="nunca vinculado",
    state_paused="pausado",
    state_gone="não está mais no gateway",
    state_refused="recusado pelo gateway",
    state_unknown="ainda desconhecido",
    state_checking="sendo verificado",
    state_was_connected="estava conectado",
    since="desde {time}",
    next_try="próxima tentativa {time}",
    attempt="tentativa {count}",
    number="número {number}",
    in_account="conta {name}",
    no_number="sem número",
    status_title="Dispositivos do WhatsApp",
    status_summary="{good} de {total} conectados",
    status_page="página {page} de {pages}",
    status_empty="Ainda não há dispositivos. Crie um com `{command}`.",
    status_summary_as_of="em {time}: {good} de {total} conectados",
    status_filtered="{count} com “{what}”",
    status_no_match="Nenhum dispositivo corresponde a “{what}”.",
    status_all="Mostrar todos",
    as_of="Você está vendo como estava em {time}.",
    as_of_never="Ainda não consegui falar com ele desde que comecei.",
    filter_all="Todos os dispositivos",
    filter_down="Não conectados",
    filter_down_of="Não conectados, conta {account}",
    filter_text="Encontrar um dispositivo",
    filter_text_hint="Nome, id ou o final do número, e Enter",
    store_down="O armazenamento deste app não funciona. Os dispositivos continuam sendo "
    "acompanhados, mas os alertas esperam, e o que você pedir agora pode ser esquecido em um "
    "reinício. Avise quem cuida do app.",
    account_unwatched="Não estou cuidando de *{account}*: {problem}",
    account_gateway_down="O gateway de *{account}* está fora do ar. "
    "Os dispositivos se reconectam quando ele voltar.",
    account_token_refused="O gateway recusa o token de *{account}*. "  # noqa: S106 - a sentence
    "Se continuar assim, troque o token nas configurações.",
    previous_page="Anterior",
    next_page="Próxima",
    button_pair="Vincular",
    button_pair_device="Vincular um dispositivo",
    button_reconnect="Reconectar",
    button_resume="Retomar",
    button_create="Criar e vincular",
    button_new_code="Novo código",
    button_use_code="Usar um código",
    button_cancel="Cancelar",
    button_start_again="Recomeçar",
    button_unlink="Desvincular e recomeçar",
    button_unlink_yes="Desvincular",
    button_keep="Manter este celular",
    button_pair_now="Vincular agora",
    button_pair_next="Vincular o próximo",
    button_take="Assumir",
    button_take_all="Assumir todos",
    button_mute="Silenciar…",
    button_unmute="Reativar alertas",
    button_unsubscribe="Cancelar assinatura",
    button_send="Começar",
    pairing_title="Vincular {device}",
    pairing_preparing="Pedindo um código ao WhatsApp …",
    pairing_sent="Mandei uma mensagem direta para você vincular *{device}*.",
    pairing_qr_alt="Código QR para escanear com o WhatsApp",
    pairing_step_open="Abra o WhatsApp no celular.",
    pairing_step_menu="Toque em *Configurações* ou *⋮*, depois em *Dispositivos conectados* e "
    "em *Conectar dispositivo*.",
    pairing_step_scan="Aponte o celular para este código.",
    pairing_step_code="Toque em *Conectar com número de telefone* e digite este código.",
    pairing_until="Vale até {time}. Depois vem um novo código.",
    pairing_waiting="O gateway está com problemas. Continuo tentando.",
    waiting_busy="O gateway está ocupado. Continuo tentando.",
    waiting_limited="O gateway limita quantas vezes posso perguntar. Continuo tentando, mais "
    "devagar.",
    waiting_no_answer="O gateway não responde a tempo. Continuo tentando.",
    waiting_unreachable="Não consigo falar com o gateway. Continuo tentando.",
    waiting_unexpected="Quem responde não é o gateway, e sim um proxy ou uma página de login, por "
    "exemplo. Continuo tentando.",
    waiting_code="O WhatsApp ainda não deu um código. Continuo tentando.",
    pairing_scanned="O celular aceitou o código. Concluindo a conexão …",
    paired="Vinculado a {number}, por <@{user}>.",
    paired_no_number="Vinculado, por <@{user}>.",
    paired_already="Já está conectado com {number}. Não é preciso vincular.",
    paired_reconnected="Reconectado com {number}. Não foi preciso vincular de novo.",
    wrong_account="É outro celular: {number} foi vinculado, mas o esperado era {expected}.",
    wrong_account_question="Quer mantê-lo?",
    question_changed="Outro celular foi vinculado desde que perguntei.",
    question_over="Essa pergunta já foi respondida.",
    unchecked="Há um celular vinculado, mas não consegui verificar qual: o gateway não informa. "
    "O esperado era {expected}. Veja os dispositivos conectados desse celular antes de responder.",
    unchecked_kept="O celular continua vinculado, por <@{user}>. "
    "Não foi possível verificar o número.",
    wrong_account_kept="{number} continua vinculado, por <@{user}>.",
    unlink_title="Desvincular o celular?",
    unlink_warning="A sessão termina, e o dispositivo precisa ser vinculado de novo.",
    unlink_unsure="*{account}* tem {count} dispositivos, e não sei se o gateway desvincula "
    "justamente o que foi pedido. Pode ser outro celular, e não o de *{device}*.",
    unlink_ignored="*{account}* tem {count} dispositivos, e parece que o gateway ignora qual deles "
    "foi pedido. Pode ser outro celular, e não o de *{device}*.",
    button_unlink_anyway="Desvincular assim mesmo",
    unlink_blocked="Não desvinculei *{device}*: o gateway de *{account}* responde sobre o "
    "dispositivo errado, e outro celular poderia ser desvinculado. Avise quem cuida do gateway e "
    "tente de novo quando o alerta estiver resolvido.",
    pairing_cancelled="Cancelado. Nenhum celular foi vinculado.",
    pairing_timed_out="O tempo acabou antes que um celular fosse vinculado.",
    pairing_dropped="O celular aceitou o código, mas a conexão não durou.",
    stalled_passkey="O celular usou o código, mas a conexão não veio. Se o celular mostra "
    "“Continue em seu outro dispositivo” ou “Criar uma chave de acesso”, o WhatsApp está pedindo "
    "uma chave de acesso (passkey), e um código novo não contorna isso. Pergunte a quem cuida do "
    "gateway se ele permite conectar com chave de acesso. Continuo de olho, caso a conexão ainda "
    "venha.",
    stalled_offline="O celular usou o código, mas a conexão ainda não veio. Veja se o celular está "
    "ligado e on-line. Continuo de olho.",
    stalled_dropped="O celular foi conectado, mas a conexão caiu de novo. Deixe o celular ligado e "
    "on-line. Continuo de olho.",
    pairing_offline="O celular usou o código, mas a conexão não foi estabelecida. Veja se o "
    "celular está on-line e comece de novo.",
    pairing_passkey="O celular usou o código, mas a conexão não veio. Se o celular mostrou "
    "“Continue em seu outro dispositivo” ou “Criar uma chave de acesso”, o WhatsApp está pedindo "
    "uma chave de acesso (passkey), e um código novo não contorna isso. Pergunte a quem cuida do "
    "gateway se ele permite conectar com chave de acesso.",
    pairing_refused="O WhatsApp recusou a vinculação do celular. Talvez ele já tenha quatro "
    "dispositivos conectados: remova um em Dispositivos conectados e comece de novo.",
    pairing_account_removed="A conta foi retirada das configurações.",
    pairing_account_changed="O token ou o endereço da conta foi trocado. Comece de novo.",
    pairing_elsewhere="Outra pessoa está vinculando este dispositivo. Espere até terminar.",
    link_made="Mande este link para quem está com o celular, e para mais ninguém. Ele pertence ao "
    "primeiro navegador que o abrir e vale, no máximo, até {time}.",
    link_waiting="Criei um link. O código aparece nele quando alguém o abrir, até {time}. O "
    "resultado aparece aqui.",
    link_opened="O link foi aberto. Esperando o celular …",
    link_not_opened="Ninguém abriu o link a tempo.",
    links_off="Este app não tem endereço público, por isso não cria links. Peça a quem cuida dele "
    "que configure `public_url`.",
    button_send_link="Enviar um link",
    pairing_failed="Nenhum celular foi vinculado. {problem}",
    pairing_interrupted="Interrompido. Comece de novo.",
    pairing_over="Esta vinculação já terminou. Recomece para receber um código novo.",
    in_progress="{owner} já está vinculando este dispositivo. Espere até terminar.",
    in_progress_since="{owner} já está vinculando este dispositivo, desde {time}. "
    "Espere até terminar.",
    somebody="Alguém",
    picture_not_taken="O Slack não aceita a imagem do QR. Continuo tentando; um código de "
    "vinculação não precisa dela.",
    offer_create="Não há dispositivo chamado *{name}*. Quer criá-lo?",
    modal_title="Vincular dispositivo",
    modal_device="Dispositivo",
    modal_new_name="Ou um nome para um dispositivo novo",
    modal_account="Conta do dispositivo novo",
    modal_method="Como vincular o celular",
    modal_method_qr="Escanear um QR",
    modal_method_code="Digitar um código",
    modal_phone="Número do celular",
    modal_phone_hint="Para o código: com o código do país, como +55 11 99999-9999",
    modal_choose_one="Escolha um dispositivo ou dê nome a um novo, não os dois.",
    modal_bad_name="Um nome tem de 1 a 100 caracteres imprimíveis.",
    reconnecting_now="Verificando *{device}* agora.",
    reconnect_paused="*{device}* está pausado. Retome-o primeiro.",
    reconnect_must_pair="*{device}* não tem celular vinculado. Vincule-o primeiro.",
    disconnected="*{device}* está desconectado até você retomá-lo.",
    disconnect_title="Desconectar assim mesmo?",
    disconnect_warning="Outro dispositivo desta conta pode deixar de enviar e receber.",
    disconnect_unsure="*{account}* tem {count} dispositivos, e não sei se o gateway desconecta "
    "justamente o que foi pedido. Pode ser outro dispositivo, e não *{device}*.",
    disconnect_ignored="*{account}* tem {count} dispositivos, e parece que o gateway ignora qual "
    "deles foi pedido. Pode ser outro dispositivo, e não *{device}*.",
    button_disconnect_anyway="Desconectar assim mesmo",
    button_disconnect_yes="Desconectar",
    disconnect_blocked="Pausei *{device}*, mas não o desconectei: o gateway de *{account}* "
    "responde sobre o dispositivo errado, e outro poderia ser desconectado. Avise quem cuida do "
    "gateway e tente de novo quando o alerta estiver resolvido.",
    paused="*{device}* está pausado até você retomá-lo.",
    resumed="*{device}* não está mais pausado.",
    created="*{device}* foi criado. Agora vincule-o.",
    create_exists="Já há um dispositivo chamado *{device}*. Vincule-o ou escolha outro nome.",
    create_where="Em qual conta devo criar *{name}*?",
    rename_impossible="O gateway não renomeia dispositivos. Crie um com o nome novo, vincule o "
    "celular a ele e exclua o antigo: `{create}`",
    mute_what_missing="O que devo silenciar? Escreva: `{usage}`",
    nothing_open="Nenhum alerta está aberto.",
    nothing_open_of="Nenhum alerta aberto corresponde a “{name}”.",
    open_title="Alertas abertos",
    taken_now="Você assumiu: {what}.",
    history_title="Os últimos {days} dias",
    history_off="Não guardo histórico: os dados deste app ficam na memória. Defina `store` nas "
    "configurações dele.",
    history_none="Ainda não sei nada desse período.",
    history_uptime="conectado {share} do tempo · quedas: {drops} · maior falha: {outage}",
    history_no_uptime="não acompanhado nesse período",
    history_no_outage="nenhuma",
    history_by="por {by}",
    line_raised="alerta: {what}",
    line_resolved="acabou: {what}",
    line_acknowledged="assumido: {what}",
    line_muted="silenciado: {what}",
    line_unmuted="não mais silenciado: {what}",
    everything="todos os alertas",
    check_needs_device="Conecte um dispositivo primeiro: só um conectado consulta números.",
    no_number_there="Não vejo nenhum número de telefone nessa mensagem.",
    which_number="Qual número devo verificar?",
    number_forgotten="Não me lembro mais desse número. Use o atalho de novo.",
    button_check="Verificar",
    button_check_all="Verificar todos",
    webhooks_title="Webhooks dos dispositivos",
    webhooks_off="Os gateways não conseguem me avisar: defina `public_url` e `webhook_secret` nas "
    "minhas configurações. Até lá, consulto a cada meio minuto.",
    webhooks_done="*{account}*: {count} de {total} dispositivos me avisam na hora.",
    webhooks_unsure="Não registrei nada: não sei se este gateway separa os webhooks dos "
    "dispositivos. Ele pode mudar o de outro dispositivo.",
    webhooks_begun="Estou registrando no gateway de *{account}* e conferindo cada webhook.",
    webhook_taken="*{device}* avisa `{host}`. Não mexi nisso.",
    webhook_replaced="Agora ele me avisa.",
    webhook_not_replaced="Nada mudou: o webhook já é outro, ou o gateway responde sobre o "
    "dispositivo errado. Veja de novo com `/wuts webhooks`.",
    webhooks_ask="Alguns webhooks precisam da sua resposta: `/wuts webhooks`",
    button_register="Registrar",
    button_replace="Substituir",
    register_title="Registrar webhooks?",
    register_warning="Outro dispositivo desta conta pode perder o webhook dele.",
    replace_title="Substituir o webhook?",
    replace_warning="Quem usa o atual não saberá mais nada deste dispositivo.",
    on_whatsapp="{number} está no WhatsApp",
    not_on_whatsapp="{number} não está no WhatsApp",
    perhaps_on_whatsapp="{number}: o gateway não informou",
    budget_spent="Esse foi o último dos {limit} números que podem ser consultados em uma hora.",
    budget_reason="Há um limite porque o WhatsApp já restringiu números que consultaram muitos "
    "outros.",
    problem_unreachable="Não consigo acessar o gateway. Tente de novo daqui a pouco.",
    problem_no_answer="O gateway não responde a tempo. Tente de novo daqui a pouco.",
    problem_name_not_found="O endereço do gateway não foi encontrado. Verifique a url da conta nas "
    "configurações e o DNS deste app.",
    problem_port_closed="Nada responde no endereço do gateway. Verifique se o gateway está "
    "rodando e a porta da url da conta nas configurações.",
    problem_certificate_untrusted="O certificado do gateway não é confiável aqui. Se uma "
    "autoridade sua o assinou, informe o ca_file da conta nas configurações.",
    problem_certificate_expired="O certificado do gateway venceu ou ainda não vale. Verifique o "
    "relógio deste app e peça a quem cuida do gateway para renovar o certificado.",
    problem_certificate_host="O certificado do gateway é de outro endereço. Use na url da conta, "
    "nas configurações, o endereço que ele traz.",
    problem_open_files="Este app não pode abrir mais conexões. Aumente o limite de arquivos "
    "abertos (ulimit -n).",
    problem_wrong_device="O gateway respondeu sobre outro dispositivo, e não acreditei. Verifique "
    "os dois dispositivos antes de mudar qualquer coisa e avise quem cuida do gateway.",
    problem_not_verified="O gateway disse que estava feito, mas o dispositivo não mostra isso. "
    "Outro pode ter sido alterado: verifique todos os dispositivos antes de continuar.",
    problem_unexpected="Quem respondeu não foi o gateway: pode ser um proxy ou uma página de "
    "login. Tente de novo; se continuar assim, verifique a url da conta nas configurações.",
    problem_settings="A configuração da conta não serve. Verifique token, url e ca_file.",
    problem_usage="O gateway não aceita isso. Verifique o que você digitou.",
    problem_not_connected="O dispositivo não está conectado: não há o que desconectar.",
    problem_not_ready="O dispositivo não está conectado. Reconecte-o ou vincule-o primeiro.",
    problem_connected="O dispositivo já está conectado. Não é preciso vincular.",
    problem_paired="Já há um celular vinculado ao dispositivo. Reconecte-o.",
    problem_no_code="O WhatsApp não deu um código a tempo. Recomece.",
    problem_failed="O gateway falhou. Tente de novo; se continuar, avise quem cuida dele.",
    problem_store="O armazenamento deste app não funciona. Avise quem cuida do app.",
    problem_store_owned="Outro processo cuida desta conta agora. Tente de novo daqui a pouco.",
    problem_store_lost="Outro processo assumiu esta conta e nada foi salvo. Tente de novo daqui a "
    "pouco.",
    problem_store_other_account="O armazenamento deste app guarda outra conta com este nome. "
    "Verifique o token da conta nas configurações ou dê outro nome à conta.",
    problem_budget="Só {left} de {limit} números ainda podem ser consultados nesta hora. "
    "Você pode consultar estes {time}.",
    problem_budget_never="No máximo {limit} números podem ser consultados em uma hora, e restam "
    "{left}. Consulte menos.",
    problem_busy="O gateway está ocupado. Tente de novo daqui a pouco.",
    problem_access="O gateway recusa o token deste app. Troque-o nas configurações.",
    problem_forbidden="O gateway não permite que este app faça isso. Se o dispositivo for de "
    "outro usuário, use o token dele.",
    problem_device_gone="O gateway não tem mais este dispositivo.",
    problem_phone="Esse número de telefone não é válido. Inclua o código do país: +55 11 …",
    problem_phone_home=(
        "Esse número de telefone não é válido. Para um número do país {country}, comece com {code}."
    ),
    problem_phone_twofold=(
        "Esse número existe em dois países. Escreva-o com + e o código do país: {codes}."
    ),
    either=" ou ",
    problem_phone_at="Número {place}: {problem}",
    problem_other="O gateway não conseguiu fazer isso. Tente de novo daqui a pouco.",
    problem_app="Algo falhou neste app. Tente de novo ou avise quem cuida dele.",
    problem_slack="O Slack não conseguiu fazer isso ({error}). Avise quem cuida deste app.",
)
