"""Brazilian Portuguese words about who may do what, and about what is asked before it is done."""

from dataclasses import replace

from .pt_br_alerts import PT_BR_ALERTS

PT_BR_PEOPLE = replace(
    PT_BR_ALERTS,
    refused="Você não tem permissão. Peça a um admin para incluir você nas configurações do app.",
    refused_needs_id="Convidados, pessoas de outras empresas, bots e usuários desativados precisam "
    "do próprio ID em `allow_users`. O seu é `{user}`.",
    cannot_check_permission="Não consegui verificar sua permissão.",
    modal_loading="Um momento …",
    button_close="Fechar",
    disconnect_question="Desconectar *{device}* ({phone})? Ele não envia nem recebe até você "
    "retomá-lo.",
    unlink_question="Desvincular o celular de *{device}* ({phone})? O dispositivo não envia nem "
    "recebe até você vinculá-lo de novo.",
    delete_question="Excluir *{device}* ({phone})? O gateway o desconecta, e eu paro de cuidar "
    "dele. O gateway pode mantê-lo na lista.",
    delete_title="Excluir assim mesmo?",
    delete_warning="Outro dispositivo desta conta pode ser excluído.",
    delete_unsure="*{account}* tem {count} dispositivos, e não sei se o gateway exclui justamente "
    "o que foi pedido. Pode ser outro dispositivo, e não *{device}*.",
    delete_ignored="*{account}* tem {count} dispositivos, e parece que o gateway ignora qual deles "
    "foi pedido. Pode ser outro dispositivo, e não *{device}*.",
    delete_blocked="Não excluí *{device}*: o gateway de *{account}* responde sobre o dispositivo "
    "errado, e outro poderia ser excluído. Avise quem cuida do gateway e tente de novo quando o "
    "alerta estiver resolvido.",
    button_delete_anyway="Excluir assim mesmo",
    button_delete_yes="Excluir",
    confirm_until="Só você pode responder, em até {minutes} minutos.",
    confirm_over="Essa pergunta já terminou, e nada mudou. Peça de novo.",
    confirm_other_phone="Agora há outro celular vinculado a *{device}*, por isso nada mudou. Peça "
    "de novo.",
    confirm_dismissed="Nada mudou.",
    phone_unknown="número desconhecido",
    unlinked="O celular de *{device}* foi desvinculado. Vincule o dispositivo para usá-lo de novo.",
    deleted="*{device}* foi excluído: não cuido mais dele.",
)
