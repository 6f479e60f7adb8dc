"""Brazilian Portuguese."""

from .en import Strings

PT_BR = Strings(
    help_title="O que eu sei fazer",
    help_pair="Vincular um celular: por QR em mensagem direta ou por código.",
    help_status="Mostrar todos os dispositivos, os com problema primeiro, ou um em detalhe.",
    help_check="Verificar quais números estão no WhatsApp.",
    help_reconnect="Reconectar um dispositivo agora.",
    help_disconnect="Desconectar um dispositivo até você retomá-lo.",
    help_pause="Parar de reconectar um dispositivo até você retomá-lo.",
    help_resume="Voltar a manter conectado um dispositivo pausado.",
    help_help="Mostrar esta ajuda.",
    argument_device="dispositivo",
    argument_new_name="dispositivo ou nome novo",
    argument_numbers="números",
    unknown_command="Não conheço `{word}`.",
    did_you_mean="Você quis dizer `{command}`?",
    see_help="`{command}` mostra o que eu sei fazer.",
    device_missing="Qual dispositivo? Escreva: `{usage}`",
    numbers_missing="Quais números? Escreva: `{usage}`",
    too_much="Este comando não aceita mais nada. Escreva: `{usage}`",
    refused="Você não tem permissão. Peça a um admin para incluir você nas configurações do app.",
    cannot_check_permission="Não consegui verificar sua permissão. Tente de novo daqui a pouco.",
    no_such_device="Não há dispositivo chamado *{name}*.",
    several_devices="Há mais de um dispositivo chamado *{name}*. Qual deles?",
    state_connected="conectado",
    state_reconnecting="reconectando",
    state_needs_pairing="precisa ser vinculado de novo",
    state_never_paired="nunca vinculado",
    state_paused="pausado",
    state_refused="recusado pelo gateway",
    state_gone="não está mais no gateway",
    state_unknown="ainda desconhecido",
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
    numbers_unavailable="Faltam os números de telefone de *{account}*: {problem}",
    account_gateway_down="O gateway de *{account}* está fora do ar. "
    "Os dispositivos se reconectam quando ele voltar.",
    account_token_refused="O gateway recusa o token de *{account}*. "  # noqa: S106 - a sentence
    "Troque-o nas configurações.",
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
    pairing_time_left="Tempo restante: {time}",
    pairing_waiting="O gateway está com problemas. Continuo tentando.",
    pairing_scanned="O celular aceitou o código. Concluindo a conexão …",
    paired="Vinculado a {number}, por <@{user}>.",
    paired_no_number="Vinculado, por <@{user}>.",
    paired_already="Já está conectado com {number}. Não é preciso vincular.",
    paired_reconnected="Reconectado com {number}. Não foi preciso vincular de novo.",
    wrong_account="É outro celular: {number} foi vinculado, mas o esperado era {expected}.",
    unchecked_account=(
        "Um celular foi vinculado, mas o gateway não diz se é o {expected}. "
        "Confira nesse celular, em *Dispositivos conectados*."
    ),
    wrong_account_question="Quer mantê-lo?",
    wrong_account_kept="{number} continua vinculado, por <@{user}>.",
    unlink_title="Desvincular o celular?",
    unlink_warning="A sessão termina, e o dispositivo precisa ser vinculado de novo.",
    pairing_cancelled="Cancelado. Nenhum celular foi vinculado.",
    pairing_timed_out="O tempo acabou antes que um celular fosse vinculado.",
    pairing_dropped="O celular aceitou o código, mas a conexão não durou.",
    pairing_failed="Nenhum celular foi vinculado. {problem}",
    pairing_interrupted="Interrompido. Comece de novo.",
    pairing_over="Esta vinculação já terminou. Recomece para receber um código novo.",
    in_progress="{owner} já está vinculando este dispositivo. Espere até terminar.",
    picture_not_taken="O Slack não conseguiu processar a imagem do QR. Comece de novo.",
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
    modal_bad_phone="Digite o código do país e o número, de 10 a 15 dígitos ao todo.",
    reconnecting_now="Verificando *{device}* agora.",
    reconnect_paused="*{device}* está pausado. Retome-o primeiro.",
    reconnect_must_pair="*{device}* não tem celular vinculado. Vincule-o primeiro.",
    disconnected="*{device}* está desconectado até você retomá-lo.",
    paused="*{device}* está pausado até você retomá-lo.",
    resumed="*{device}* não está mais pausado.",
    check_needs_device="Conecte um dispositivo primeiro: só um conectado consulta números.",
    on_whatsapp="{number} está no WhatsApp",
    not_on_whatsapp="{number} não está no WhatsApp",
    alert_needs_pairing="*{device}* foi desvinculado pelo celular",
    alert_offline="*{device}* está offline",
    alert_flapping="*{device}* cai o tempo todo",
    alert_device_gone="*{device}* não está mais no gateway",
    alert_device_refused="O gateway não me deixa usar *{device}*",
    alert_devices_missing="Metade ou mais dos dispositivos de *{account}* sumiu",
    alert_wrong_device="O gateway de *{account}* respondeu sobre outro dispositivo",
    alert_gateway_down="O gateway de *{account}* está fora do ar",
    alert_token_refused="O gateway recusa o token de *{account}*",  # noqa: S106 - a sentence
    doing_needs_pairing="Não consigo reconectá-lo: alguém precisa vinculá-lo de novo.",
    doing_pairing="{owner} está vinculando agora.",
    doing_offline="Estou reconectando.",
    doing_offline_next="Estou reconectando: tentativa {count}, {time}.",
    doing_flapping="Eu o reconecto toda vez. Verifique a rede e a bateria do celular.",
    doing_device_gone="Alguém o apagou. Se foi engano, crie e vincule de novo.",
    doing_device_refused=(
        "O token da conta não pode usá-lo. Não mexo nele e verifico a cada 15 minutos."
    ),
    doing_devices_missing="O gateway não os lista mais. Fale com quem o opera.",
    doing_wrong_device=(
        "Não acreditei na resposta. Não desconecte nem desvincule nada até que quem opera o "
        "gateway verifique."
    ),
    doing_gateway_down="Continuo verificando. Os dispositivos se reconectam quando ele voltar.",
    doing_token_refused="Continuo verificando. Se ele foi trocado, mude-o nas configurações.",  # noqa: S106
    alert_resolved="Resolvido {time}.",
    alert_reminder="Ainda em aberto: {what}.",
    problem_unreachable="Não consigo acessar o gateway. Tente de novo daqui a pouco.",
    problem_certificate_untrusted=(
        "O certificado do gateway não é confiável aqui. Avise quem cuida deste app."
    ),
    problem_certificate_expired=(
        "O certificado do gateway expirou ou ainda não é válido. Avise quem cuida do gateway."
    ),
    problem_certificate_host=(
        "O certificado do gateway é de outro servidor. Avise quem cuida deste app."
    ),
    problem_name_not_found=(
        "O nome do servidor do gateway não foi encontrado. Avise quem cuida deste app."
    ),
    problem_connection_refused=(
        "Ninguém responde na porta do gateway. Tente de novo daqui a pouco."
    ),
    problem_no_answer="O gateway não respondeu a tempo. Tente de novo daqui a pouco.",
    problem_too_many_files="Este app tem conexões abertas demais. Avise quem cuida deste app.",
    problem_unexpected=(
        "A resposta não parece vir de um gateway WUTS. Pode haver um proxy no caminho: tente de "
        "novo daqui a pouco ou avise quem cuida deste app."
    ),
    problem_wrong_device=(
        "O gateway respondeu sobre outro dispositivo. Confira todos os dispositivos antes de mudar "
        "qualquer coisa e avise quem cuida do gateway."
    ),
    problem_not_verified=(
        "O gateway disse que fez, mas o dispositivo não mostra isso. Confira todos os dispositivos "
        "antes de mudar qualquer coisa."
    ),
    problem_check_budget=(
        "Não é possível verificar mais números nesta hora: o WhatsApp já restringiu números que "
        "consultaram muitos outros. Verifique menos números ou tente de novo mais tarde."
    ),
    problem_busy="O gateway está ocupado. Tente de novo daqui a pouco.",
    problem_access="O gateway recusa o token deste app. Troque-o nas configurações.",
    problem_forbidden="O gateway não permite que este app faça isso.",
    problem_device_gone="O gateway não tem mais este dispositivo.",
    problem_phone="Esse número de telefone não é válido. Inclua o código do país: +55 11 …",
    problem_phone_at="Número {place}: {problem}",
    problem_other="O gateway não conseguiu fazer isso. Tente de novo daqui a pouco.",
    problem_slack="O Slack não conseguiu fazer isso ({error}). Avise quem cuida deste app.",
)
